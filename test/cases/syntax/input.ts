import { sig } from "dspex";

sig("a b, c: int: str, d:, e: | int -> f: list<str>");
sig("a,, b -> , c");
sig("(a) -> {b}");
sig("question[str] -> answer: one of these");
sig("message -> label Sort the message by what it is about");
sig("a: int as b, c = 1 if 2, d = {1: 2, 3} -> e: int |");
sig("a = f(b=1, 2), c = f(x for x in y, 1), d = (*e), g = b'x' 'y' -> h");

import { sig } from "dspex";

sig("a: list[int -> b: (str");
sig("a: int) -> b: str]");
sig("a: list[int) -> b");
sig("a: dict[str, (int] -> b");
sig("a: int) pass -> b");

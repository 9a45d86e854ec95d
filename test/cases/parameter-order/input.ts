import { sig } from "dspex";

sig("a = 1, b -> c");
sig("/, a -> b, /, /, c");
sig("a, * -> *b, *c");
sig("*a, /, b -> **c, d");

import { sig } from "dspex";

sig("a: Literal[09, 1__0, 0x, 1x] -> b: int?");
sig("a; b -> c!, d\u200b, e\0");
sig("x² -> y🙂");
sig("a \\b -> c");
export const Numbers = sig("a: Literal[1_000, 0x1F, 1e3, 1.5, 1j, 123456789012345678901234567890] -> b");

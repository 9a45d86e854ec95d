import { sig } from "dspex";

sig("class, 1st, my-field, a.b, _hidden, None -> return, __");
sig("signature, model_dump -> fields, instructions");
sig("a: int, b, a: str -> c, c: int");
sig("a, b -> b, c, a");
sig("é -> e\u0301");
export const Odd = sig("demos, copy, match, type, self -> json, then");

import { sig } from "dspex";

export const A = sig("a -> b";

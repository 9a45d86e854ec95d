import { z } from "zod";
import { sig, type } from "dspex";
import { Elsewhere } from "some-package";
import { Nothing } from "./base.js";

const Schema = z.string();
const Other = sig("a -> b");
const Broken = sig("a -> b: nonsense");
sig.Type`a: ${Other} -> b`;
sig.Quoted`a: Literal["${Schema}"] = ${Schema} -> b: int(ge=${Schema})`;
sig.Fields`${Schema}, ${Elsewhere}, ${Nothing} -> ${z.object({})}, ${Broken}`;
sig.Unsuitable`a: ${type<{ run: () => void; entries: Map<string, number> }>()} -> b: ${type<symbol>()}`;
sig.Symbol`a -> b: \uFFFC`;
export const Left = sig`${Right} -> c`;
export const Right = sig`${Left} -> d`;

import { sig as s, type Signature } from "dspex";
import * as d from "dspex";
import type { sig as onlyAType } from "dspex";
import e = require("dspex");
import { sig as other } from "./elsewhere.js";

export const Renamed = s("a -> b");
export const Namespaced = d.sig("c -> d");
export const Tagged = d.sig.Name`e -> f`;
export const Required = e.sig("i -> j");
export const Wrapped = (s as typeof d.sig)("g -> h") satisfies Signature;

// None of these is dspex's.
other("not -> ours: nonsense");
function shadowed(s: (text: string) => string) {
  return s("not -> ours: nonsense");
}
{
  const s = (text: string) => text;
  s("not -> ours: nonsense");
}
for (const s of [String]) s("not -> ours: nonsense");
declare const object: { sig: typeof String };
object.sig("not -> ours: nonsense");

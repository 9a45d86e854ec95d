export * from "dspex";
export * as all from "dspex";
export type * from "dspex";

export const now = (await import("dspex")).sig("a -> b");
export const later = import("dspex").then((d) => d.sig("a -> b"));
export const taken = import("dspex").then(({ sig, predict: p }) => p(sig("a -> b")));
export const chained = import("dspex").then(async (d) => {
  const { tool } = d;
  return d.predict(d.signature("a -> b"));
});
const opened = await import("dspex");
export const Late = opened.sig.Late`a -> b`;
const required = require("dspex");
required.tool(function twice(n: number) {
  return n;
});

// Nothing of these is dspex's.
export const other = import("other").then((d) => d.sig("a -> b"));
export const plain = opened.predict;
export const own = ((opened: { sig: (text: string) => string }) => opened.sig("a -> b"))({ sig: (text) => text });
declare function require(name: string): any;

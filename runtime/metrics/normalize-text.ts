/** DSPy's `normalize_text` (dspy-semantics 6.2): how answers are made comparable. The result stays in NFD, as there. */

import { pattern } from "../pattern.ts";

/** ASCII punctuation is deleted, not replaced: `U.S.A.` becomes `usa`. Other scripts' marks stay. */
const PUNCTUATION = /[!-/:-@[-`{-~]/g;
/** Python's `\b` knows letters and numbers of every script, and no combining marks. */
const ARTICLE = /* @__PURE__ */ pattern(String.raw`(?<![\p{L}\p{N}_])(?:a|an|the)(?![\p{L}\p{N}_])`, "gu");
/** What Python's `str.split()` splits at. */
const BLANKS = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;

export function normalizeText(text: string): string {
  return tokensOf(text).join(" ");
}

/** The normalised text's words. */
export function tokensOf(text: string): readonly string[] {
  if (typeof text !== "string") throw new TypeError(`A metric compares strings; it was given ${text === null ? "null" : typeof text}.`);
  const plain = text.normalize("NFD").toLowerCase().replace(PUNCTUATION, "").replace(ARTICLE(), " ");
  return plain.split(BLANKS).filter((word) => word !== "");
}

/** The cooked text is JavaScript's own, and its offsets lead back to the characters it came from. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CookedText, cook } from "../../../compiler/1-scan/cook.ts";

const evaluate = (source: string): unknown => {
  try {
    return new Function(`"use strict"; return ${source}`)();
  } catch {
    return undefined;
  }
};

function cooked(source: string, template: boolean) {
  const cookedText = new CookedText();
  const bad = cook(source, 1, source.length - 1, template, cookedText);
  const { text } = cookedText;
  const { offsets, ends = Array.from(offsets).slice(1) } = cookedText.places(source.length - 1);
  return bad === undefined ? { text, offsets, ends } : undefined;
}

/** Pieces that matter: escapes of every kind, line breaks, wide characters, digits behind escapes. */
const piece = fc.constantFrom(
  "a",
  "é",
  "🙂",
  "\\n",
  "\\t",
  "\\\\",
  "\\'",
  '\\"',
  "\\`",
  "\\x41",
  "\\u0041",
  "\\u{1F642}",
  "\\0",
  "\\\n",
  "\\\r\n",
  "\\q",
  "1",
  "9",
  "\\u2028",
  " ",
  "$",
  "{",
  "\\x4",
  "\\u{110000}",
  "\\1",
);

describe("cook", () => {
  it("reads quoted literals as JavaScript does", () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.constantFrom('"', "'"), (pieces, quote) => {
        const source = quote + pieces.join("") + quote;
        const value = evaluate(source);
        if (typeof value === "string") expect(cooked(source, false)?.text).toBe(value);
      }),
      { numRuns: 2_000 },
    );
  });

  it("reads templates as JavaScript does, and refuses what has no text", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.constantFrom("\n", "\r\n", "\r")), { maxLength: 12 }), (pieces) => {
        const body = pieces.join("").replaceAll("${", "$ {");
        const source = `\`${body}\``;
        expect(cooked(source, true)?.text).toBe(evaluate(source) as string | undefined);
      }),
      { numRuns: 2_000 },
    );
  });

  it("maps every unit to where it stands, without gaps and in order", () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const source = `\`${pieces.join("").replaceAll("${", "$ {")}\``;
        const text = cooked(source, true);
        if (!text) return;
        const { offsets, ends } = text;
        expect(offsets.length).toBe(text.text.length + 1);
        for (let i = 0; i < text.text.length; i++) {
          expect(offsets[i]).toBeLessThan(ends[i]!);
          // Both halves of a pair that one escape made stand at that escape; else units follow one another.
          expect(
            offsets[i + 1] === ends[i] || offsets[i + 1] === offsets[i] || source.slice(ends[i], offsets[i + 1]).startsWith("\\"),
          ).toBe(true);
          const unescaped = source.slice(offsets[i], ends[i]);
          if (unescaped.length === 1 && unescaped !== "\r") expect(unescaped).toBe(text.text[i]);
        }
      }),
      { numRuns: 500 },
    );
  });
});

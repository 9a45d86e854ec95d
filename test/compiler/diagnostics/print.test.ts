import { describe, expect, it } from "vitest";
import type { Diagnostic } from "../../../compiler/diagnostics/diagnostic.ts";
import { printDiagnostic } from "../../../compiler/diagnostics/print.ts";
import { nearest } from "../../../compiler/diagnostics/suggest.ts";
import { position } from "../../../compiler/source.ts";

const found = (text: string, part: string, more: Partial<Diagnostic> = {}): Diagnostic => {
  const start = text.indexOf(part);
  return {
    code: "type_unknown",
    severity: "error",
    message: "No.",
    file: { path: "a.ts", text },
    span: { start, end: start + part.length },
    ...more,
  };
};

/** The line of carets under the line of code: what is above the carets. */
function underlined(printed: string): string {
  const lines = printed.split("\n");
  const at = lines.findIndex((line) => /\^/.test(line));
  const carets = lines[at]!;
  return lines[at - 1]!.slice(carets.indexOf("^"), carets.lastIndexOf("^") + 1);
}

describe("printDiagnostic", () => {
  it("puts carets under the very characters, behind tabs too", () => {
    expect(underlined(printDiagnostic(found("\t\ta: strng", "strng")))).toBe("strng");
    expect(underlined(printDiagnostic(found("a\tb: strng\tc", "strng")))).toBe("strng");
  });

  it("counts wide characters as two columns, and marks combining ones not at all", () => {
    expect(printDiagnostic(found("质问: intt", "intt")).split("\n").at(-1)).toBe("   |       ^^^^");
    expect(printDiagnostic(found("e\u0301: intt", "intt")).split("\n").at(-1)).toBe("   |    ^^^^");
    expect(printDiagnostic(found("a 质问 b", "质问")).split("\n").at(-1)).toBe("   |   ^^^^");
  });

  it("marks every line of a span, and leaves out the middle of a long one", () => {
    const text = "sig(`one\n  two\n  three\n  four\n  five`)";
    expect(printDiagnostic(found(text, "one\n  two")).split("\n").slice(2)).toEqual([
      "   |",
      " 1 | sig(`one",
      "   |      ^^^",
      " 2 |   two",
      "   |   ^^^",
    ]);
    expect(printDiagnostic(found(text, "one\n  two\n  three\n  four\n  five")).split("\n").slice(3)).toEqual([
      " 1 | sig(`one",
      "   |      ^^^",
      " 2 |   two",
      "   |   ^^^",
      " ...",
      " 5 |   five`)",
      "   |   ^^^^",
    ]);
  });

  it("shows a caret for an empty span, and at the end of the text", () => {
    const text = 'sig("a")';
    expect(
      printDiagnostic({ ...found(text, "a"), span: { start: text.length, end: text.length } })
        .split("\n")
        .at(-1),
    ).toBe("   |         ^");
  });

  it("cuts a long line around the place", () => {
    const text = `${"x".repeat(5_000)}strng${"y".repeat(5_000)}`;
    const printed = printDiagnostic(found(text, "strng"));
    expect(underlined(printed)).toBe("strng");
    expect(printed.length).toBeLessThan(600);
  });

  it("shows what cannot be seen as a dot", () => {
    expect(printDiagnostic(found("a\u200bb\u0000c", "\u200b"))).toContain("1 | a·b·c");
  });
});

describe("position", () => {
  it("counts lines by their feeds, columns in UTF-16 units from 1", () => {
    const text = "a\r\nbb\n🙂c";
    expect([0, 1, 3, 5, 6, 8, 9].map((offset) => position(text, offset))).toEqual(
      [
        [1, 1],
        [1, 2],
        [2, 1],
        [2, 3],
        [3, 1],
        [3, 3],
        [3, 4],
      ].map(([line, column]) => ({ line, column })),
    );
  });
});

describe("nearest", () => {
  it.each([
    ["strng", "str"],
    ["itn", "int"],
    ["lsit", "list"],
    ["Int", "int"],
    ["max_lenght", "max_length"],
    ["Imagee", undefined],
    ["q", undefined],
    ["x".repeat(60_000), undefined],
  ])("%s", (word, meant) => {
    expect(nearest(word, ["str", "int", "list", "float", "max_length", "min_length"])).toBe(meant);
  });
});

/** Whatever the text: no exception, an IR or an error, and every finding inside the text. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { printIr } from "../../compiler/4-ir/print.ts";
import { compileFile, compileText } from "../../compiler/compile.ts";
import { printDiagnostic } from "../../compiler/diagnostics/print.ts";

const word = fc.constantFrom(
  "a",
  "b",
  "question",
  "class",
  "None",
  "str",
  "int",
  "list",
  "Literal",
  "Optional",
  "Union",
  "Annotated",
  "Field",
  "dspy.Image",
  "datetime.date",
  "1",
  "1.5",
  "0x",
  "'x'",
  '"y"',
  '"""z"""',
  "'",
  '"',
  "r'\\n'",
  "b'x'",
  "f'{q}'",
  "->",
  "=>",
  ":",
  ",",
  "=",
  "|",
  "[",
  "]",
  "(",
  ")",
  "{",
  "}",
  "*",
  "**",
  "/",
  ".",
  "...",
  "-",
  "not",
  "lambda",
  "if",
  "else",
  "for",
  "in",
  "is",
  "#",
  "\n",
  "\\",
  " ",
  "\t",
  "?",
  ";",
  "\0",
  "\uFFFC",
  "é",
  "🙂",
  "\u200b",
  "ge",
  "max_length",
  "pattern",
  ":=",
  "==",
  "<",
  ">",
);
const text = fc.oneof(
  fc.array(word, { maxLength: 30 }).map((words) => words.join("")),
  fc.array(word, { maxLength: 30 }).map((words) => words.join(" ")),
  fc
    .tuple(fc.array(word, { maxLength: 12 }), fc.array(word, { maxLength: 12 }))
    .map(([left, right]) => `${left.join(" ")} -> ${right.join(" ")}`),
  fc.string({ unit: "binary", maxLength: 60 }),
);

it("answers any text", () => {
  fc.assert(
    fc.property(text, (source) => {
      const { value, diagnostics } = compileText(source);
      const errors = diagnostics.filter((d) => d.severity === "error");
      expect(value === undefined).toBe(errors.length > 0);
      for (const { span, related = [] } of diagnostics) {
        for (const { start, end } of [span, ...related.map((note) => note.span)]) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThanOrEqual(start);
          expect(end).toBeLessThanOrEqual(source.length);
        }
      }
      diagnostics.map(printDiagnostic);
      if (value) printIr(value);
      expect(compileText(source)).toEqual({ value, diagnostics });
    }),
    { numRuns: 5_000 },
  );
});

it("answers the same for a text in a file, in every kind of literal, at the same characters", () => {
  fc.assert(
    fc.property(
      text.filter((source) => !source.includes("\uFFFC")),
      (source) => {
        const alone = compileText(source);
        for (const literal of [JSON.stringify(source), `\`${source.replace(/[\\`]|\$(?=\{)/g, "\\$&").replaceAll("\r", "\\r")}\``]) {
          const file = { path: "a.ts", text: `import { sig } from "dspex";\nsig(${literal});\n` };
          const { signatures, diagnostics } = compileFile(file);
          expect(signatures[0]?.spec.hash).toBe(alone.value?.spec.hash);
          expect(diagnostics.map((d) => d.code)).toEqual(alone.diagnostics.map((d) => d.code));
          for (const [i, { span }] of diagnostics.entries()) {
            const there = file.text.slice(span.start, span.end);
            const here = alone.diagnostics[i]!;
            const wanted = source.slice(here.span.start, here.span.end);
            if (!/[\\"`$\p{C}]/u.test(wanted)) expect(there).toBe(wanted);
          }
        }
      },
    ),
    { numRuns: 1_500 },
  );
});

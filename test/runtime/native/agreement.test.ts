/** Recorded answers of real DSPy beyond the public rows, and the short way's agreement with the full adapters. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { format } from "../../../runtime/native/adapters/full.ts";
import { parseOutputs } from "../../../runtime/native/full.ts";
import type { Layout, LayoutField } from "../../../runtime/native/layout.ts";
import { ParseError } from "../../../runtime/native/parse-error.ts";
import { simpleFormat, simpleParse } from "../../../runtime/native/simple.ts";
import type { TypeSpec } from "../../../runtime/spec.ts";
import { type Json, readJson, record } from "../../conformance/json.ts";
import { parseRow } from "../../conformance/parses.ts";
import { promptRow } from "../../conformance/prompts.ts";
import { namedTypeRow } from "./named-types.ts";

const fixture = (name: string): Record<string, Json>[] =>
  readFileSync(new URL(`fixtures/${name}.jsonl`, import.meta.url), "utf8")
    .trim()
    .split("\n")
    .map((line) => record(readJson(line)));

test("values of random types and completions are what DSPy and pydantic make of them", () => {
  const failures = fixture("parses").flatMap((row) => parseRow(row, () => undefined) ?? []);
  expect(failures).toEqual([]);
});

test("random prompts, with demos, history, images and instructions, are DSPy's to the byte", () => {
  const failures = fixture("prompts").flatMap((row) => promptRow(row, () => undefined) ?? []);
  expect(failures).toEqual([]);
});

test("types that only a signature's text can name are shown and read as DSPy does", async () => {
  const { compileText } = await import("../../../compiler/compile.ts");
  const rows = fixture("named-types");
  expect(rows.flatMap((row) => namedTypeRow(row, (text) => compileText(text).value?.spec) ?? [])).toEqual([]);
});

const types: TypeSpec[] = [
  "str",
  "int",
  "float",
  "bool",
  { kind: "literal", values: ["a", "b c", "it's"] },
  { kind: "generic", of: "list", args: ["str"] },
];
const type = fc.constantFrom(...types);
const value = fc.oneof(
  fc.string(),
  fc.string({ unit: "grapheme" }),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.string()),
  fc.constantFrom("a", "b c", "1e5", "[]"),
);
const fieldsOf = (prefix: string, list: TypeSpec[]): LayoutField[] =>
  list.map((own, i) => ({ name: `${prefix}${i}`, type: own, ...(i % 2 === 1 && { desc: "what it is", constraints: { ge: 0 } }) }));
const layout = fc
  .tuple(fc.array(type, { maxLength: 3 }), fc.array(type, { minLength: 1, maxLength: 3 }), fc.string())
  .map(([inputs, outputs, instructions]): Layout => ({ instructions, inputs: fieldsOf("in", inputs), outputs: fieldsOf("out", outputs) }));
const valuesFor = (fields: readonly LayoutField[]) =>
  fc.record(Object.fromEntries(fields.map(({ name }) => [name, value])), { requiredKeys: [] });

test("where the short way knows the values, its messages are the full adapter's", () => {
  let answered = 0;
  const example = layout.chain((own) =>
    fc.tuple(fc.constant(own), valuesFor(own.inputs), fc.array(valuesFor([...own.inputs, ...own.outputs]), { maxLength: 2 })),
  );
  fc.assert(
    fc.property(example, ([own, inputs, demos]) => {
      const short = simpleFormat(own, demos, inputs);
      if (!short) return;
      answered++;
      expect(short).toEqual(format("chat", own, demos, inputs));
    }),
    { numRuns: 800 },
  );
  expect(answered).toBeGreaterThan(100);
});

test("where the short way reads a completion, it reads what the full adapter reads", () => {
  const text = fc.constantFrom(
    "5",
    "-5",
    "0",
    "-0",
    "05",
    "5.0",
    "1e3",
    "1E+3",
    "1e400",
    "True",
    "true",
    "TRUE",
    "False",
    "a",
    "b c",
    "'a'",
    "it's",
    '["a", "b"]',
    '["a", 1]',
    "[]",
    "['a']",
    "x",
    "",
    "null",
    "999999999999999",
    "9999999999999999",
    ' "x" ',
    "[[ x",
    '["\\ud83d\\ude00"]',
  );
  const example = layout.chain((own) => fc.tuple(fc.constant(own), fc.tuple(...own.outputs.map(() => text))));
  let answered = 0;
  fc.assert(
    fc.property(example, ([own, texts]) => {
      const completion = own.outputs.map(({ name }, i) => `[[ ## ${name} ## ]]\n${texts[i]}\n`).join("\n");
      const outcome = (run: () => unknown): unknown => {
        try {
          return run();
        } catch (error) {
          if (error instanceof ParseError) return "unreadable";
          throw error;
        }
      };
      const short = outcome(() => simpleParse(own, completion));
      if (short === undefined) return;
      answered++;
      expect(short).toEqual(outcome(() => parseOutputs("chat", own, completion, "Test")));
    }),
    { numRuns: 2000 },
  );
  expect(answered).toBeGreaterThan(150);
});

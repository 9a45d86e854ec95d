/**
 * What DSPy 3.4.1 itself answered (Python 3.11, pydantic 2.14) for texts made to lie at the edges of its grammar:
 * parameter lists, defaults, unions, literals, misplaced brackets. `ok: false` wants a diagnostic, and nothing else.
 */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { compileText } from "../../../compiler/compile.ts";
import type { FieldSpec } from "../../../runtime/spec.ts";
import { typeText } from "../../../runtime/type-text.ts";
import { annotationName } from "../../conformance/annotation-name.ts";

type Names = readonly (readonly [name: string, type: string, annotation: string])[];
type Row = { readonly signature: string } & (
  | { readonly ok: true; readonly inputs: Names; readonly outputs: Names }
  | { readonly ok: false }
);

const rows = readFileSync(`${import.meta.dirname}/rows.jsonl`, "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Row);
const names = (fields: readonly FieldSpec[]): Names =>
  fields.map(({ name, type }) => [name, typeText(type), annotationName(type)] as const);

it.each(rows)("$signature", (row) => {
  const { value, diagnostics } = compileText(row.signature);
  if (row.ok) {
    expect(value && { inputs: names(value.spec.inputs), outputs: names(value.spec.outputs) }).toEqual({
      inputs: row.inputs,
      outputs: row.outputs,
    });
  } else {
    expect(value).toBeUndefined();
    expect(diagnostics.some(({ severity }) => severity === "error")).toBe(true);
  }
});

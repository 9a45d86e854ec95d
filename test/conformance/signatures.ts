/** A signature row: the compiler reads the text to the same fields, or refuses it as DSPy does. */
import { inferPrefix } from "../../runtime/prefix.ts";
import { defaultInstructions } from "../../runtime/signature.ts";
import type { FieldSpec } from "../../runtime/spec.ts";
import { typeText } from "../../runtime/type-text.ts";
import { annotationName } from "./annotation-name.ts";
import { type Json, plainJson } from "./json.ts";
import type { ParseSignature } from "./layout.ts";
import { firstDifference } from "./prompts.ts";

/** Rows whose verdict depends on what is importable or in scope where Python runs: a diagnostic is right whatever `ok` says. */
const HOST_DEPENDENT = ["type-name-is-an-importable-python-module", "resolves-only-through-dspy-frame-globals"];

export function signatureRow(row: Record<string, Json>, parse: ParseSignature): string | undefined {
  const tags = row.tags as readonly string[];
  const spec = parse(String(row.signature));
  if (tags.some((tag) => HOST_DEPENDENT.includes(tag))) return spec === undefined || row.ok === true ? undefined : "expected a diagnostic";
  if (tags.includes("legal-by-extension") && row.ok === false) return spec ? undefined : "refused, but the extension allows it";
  if (row.ok === false) return spec ? "expected a diagnostic" : undefined;
  if (!spec) return "refused";
  const instructions = spec.docstring ?? defaultInstructions(spec.inputs, spec.outputs);
  if (instructions !== row.instructions) return firstDifference(row.instructions, instructions);
  return side(row.inputs!, spec.inputs) ?? side(row.outputs!, spec.outputs);
}

function side(expected: Json, fields: readonly FieldSpec[]): string | undefined {
  const wanted = (expected as readonly Json[])
    .map((field) => plainJson(field) as Record<string, unknown>)
    .map(({ name, type, annotation_name, prefix, desc }) => ({ name, type, annotation_name, prefix, desc }));
  const got = fields.map((field) => ({
    name: field.name,
    type: typeText(field.type),
    annotation_name: annotationName(field.type),
    prefix: inferPrefix(field.name),
    desc: field.desc ?? `\${${field.name}}`,
  }));
  return firstDifference(wanted, got);
}

/** A row's signature as a layout: from its string, through the compiler, or from its list of fields. */

import { chainOfThoughtLayout } from "../../runtime/native/derive.ts";
import type { Layout, LayoutField } from "../../runtime/native/layout.ts";
import { cleandoc } from "../../runtime/native/python/doc.ts";
import { defaultInstructions } from "../../runtime/signature.ts";
import type { SignatureSpec } from "../../runtime/spec.ts";
import { type Json, record } from "./json.ts";
import { type RowField, type RowTypes, readField } from "./python-types.ts";

export type ParseSignature = (text: string) => SignatureSpec | undefined;

export function layoutOfRow(row: Record<string, Json>, parse: ParseSignature): Layout {
  let inputs: readonly LayoutField[];
  let outputs: readonly LayoutField[];
  if (typeof row.signature === "string") {
    const spec = parse(row.signature);
    if (!spec) throw new Error(`the compiler refuses ${row.signature}`);
    ({ inputs, outputs } = spec);
  } else {
    const types = deep(row.types ?? null) as RowTypes;
    const fields = (row.fields as readonly Json[]).map((field) => record(field) as unknown as RowField);
    const own = fields.map((field) => ({
      role: field.role,
      spec: readField({ ...field, ...(field.constraints && { constraints: record(field.constraints as unknown as Json) }) }, types),
    }));
    inputs = own.filter(({ role }) => role === "input").map(({ spec }) => spec);
    outputs = own.filter(({ role }) => role === "output").map(({ spec }) => spec);
  }
  const given = row.instructions;
  const base: Layout = {
    instructions: cleandoc(typeof given === "string" && given !== "" ? given : defaultInstructions(inputs, outputs)),
    inputs,
    outputs,
  };
  return row.module === "ChainOfThought" ? chainOfThoughtLayout(base) : base;
}

/** Models and enums: records all the way down, numbers as they are written. */
function deep(value: Json): unknown {
  if (Array.isArray(value)) return value.map(deep);
  if (!(value instanceof Map)) return value;
  return Object.fromEntries([...value].map(([key, item]) => [key, key === "default" ? item : deep(item)]));
}

/** What generated code hands over, and how it becomes a signature's validators. */
import type { Issue } from "../errors.ts";
import type { Checked, SignatureCode } from "../signature.ts";
import type { SignatureSpec } from "../spec.ts";
import { type Check, modelFields } from "./containers.ts";
import { type Fields, ownFields } from "./fields.ts";
import type { Path } from "./issue.ts";
import type { StandardSchema } from "./slot.ts";

type Values = Record<string, unknown>;

/** Reads the fields, reports issues, returns the values with defaults filled. The record's properties are safe to read. */
export type FieldsCheck = (fields: Fields, issues: Issue[], slots: readonly StandardSchema[]) => Values;

export interface GeneratedCode {
  readonly validateInputs: FieldsCheck;
  readonly validateOutputs: FieldsCheck;
}

/** Of a signature whose types are all plain; of any other it is `typedCode`. */
export function plainCode(spec: SignatureSpec, code: GeneratedCode, slots: readonly StandardSchema[] = []): SignatureCode {
  return {
    validateInputs: validator(spec.inputs, code.validateInputs, slots, "refuse"),
    validateOutputs: validator(spec.outputs, code.validateOutputs, slots, "ignore"),
  };
}

function validator(
  table: readonly { readonly name: string }[],
  check: FieldsCheck,
  slots: readonly StandardSchema[],
  extras: "refuse" | "ignore",
): (value: unknown) => Checked<Values> {
  const names = table.map((field) => field.name);
  return (value) => {
    const issues: Issue[] = [];
    const fields = ownFields(value, names, issues, extras);
    if (fields === undefined) return { ok: false, issues };
    const checked = check(fields, issues, slots);
    return issues.length === 0 ? { ok: true, value: checked } : { ok: false, issues };
  };
}

/** A model's check: an object in, an object of its own fields out. */
export function model(expected: string, names: readonly string[], check: (fields: Fields, path: Path, issues: Issue[]) => unknown): Check {
  return (value, path, issues) => {
    const fields = modelFields(value, path, issues, expected, names);
    return fields === undefined ? value : check(fields, path, issues);
  };
}

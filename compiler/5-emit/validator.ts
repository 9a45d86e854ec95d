/**
 * The body of a signature's validators: straight-line checks, one field after the other, in the order of the table.
 * `runtime/validate/interpret.ts` is the same as a walk; what either reports, and in which order, must stay equal.
 */
import type { FieldSpec } from "../../runtime/abi.ts";
import { property, quoted } from "./literal.ts";
import { braces, fieldLines, fieldsBody } from "./validator/checks.ts";
import { holdsSlot } from "./validator/kinds.ts";
import { type Language, openScope } from "./validator/scope.ts";

/** A method of the code object: `validateInputs({ question }, issues) { ... }`. */
export function fieldsMethod(method: string, fields: readonly FieldSpec[], indent: string, language: Language, abi = "abi"): string {
  const inner = `${indent}  `;
  const scope = openScope(inner, language, abi);
  const { pattern, lines, result } = fieldsBody(fields, [], inner, scope);
  const usesSlots = fields.some((field) => holdsSlot(field.type));
  const parameters = [
    pattern || (lines.length || usesSlots ? "_" : ""),
    lines.length || usesSlots ? "issues" : "",
    usesSlots ? "slots" : "",
  ].filter(Boolean);
  const body = [...[...scope.models.values()].map((m) => m.code), ...lines, `${inner}return ${result};`];
  return `${indent}${method}(${parameters.join(", ")}) {\n${body.join("\n")}\n${indent}},`;
}

/** The check of a tool's arguments: `({ query, k }, issues) => { ... }`. What is absent stays absent: the function has its own defaults. */
export function argumentsCheck(parameters: readonly (FieldSpec & { readonly required: boolean })[], abi: string): string {
  const scope = openScope("  ", "js", abi);
  const locals = parameters.map((parameter) => scope.names.fresh(parameter.name));
  const lines = parameters.flatMap((parameter, i) => {
    const path = [quoted(parameter.name)];
    if (parameter.required) return fieldLines(parameter, locals[i]!, path, "  ", scope);
    const inner = fieldLines(parameter, locals[i]!, path, "    ", scope);
    return inner.length ? [`  if (${locals[i]} !== undefined) {`, ...inner, "  }"] : [];
  });
  const entries = parameters.map((parameter, i) =>
    locals[i] === parameter.name ? parameter.name : `${property(parameter.name)}: ${locals[i]}`,
  );
  const models = [...scope.models.values()].map((made) => made.code);
  return [
    `(${braces(entries) || "_"}${lines.length ? ", issues" : ""}) => {`,
    ...models,
    ...lines,
    `  return ${braces(entries) || "{}"};`,
    "}",
  ].join("\n");
}

/** The IR as text: what a reviewer reads first, one line a field. Types are printed as data, so that nothing hides. */
import type { Constant, Constraints, TypeSpec } from "../../runtime/abi.ts";
import { position } from "../source.ts";
import type { FieldIr, SignatureIr } from "./ir.ts";

export function printIr(ir: SignatureIr): string {
  const { spec, site } = ir;
  const at = position(site.source.file.text, site.span.start);
  const lines = [`${site.kind} ${spec.name} ${spec.hash} (${at.line}:${at.column})`];
  if (spec.docstring !== undefined) lines.push(`  docstring ${JSON.stringify(spec.docstring)}`);
  for (const field of ir.inputs) lines.push(`  input  ${fieldLine(field, site.source.file.text)}`);
  for (const field of ir.outputs) lines.push(`  output ${fieldLine(field, site.source.file.text)}`);
  for (const slot of ir.slots)
    lines.push(`  slot ${slot.index} = ${slot.from ? `${slot.from.expression}[${slot.from.index}]` : slot.expression}`);
  return `${lines.join("\n")}\n`;
}

function fieldLine({ spec, nameSpan }: FieldIr, text: string): string {
  const at = position(text, nameSpan.start);
  const parts = [`${spec.name}: ${printType(spec.type)}${spec.constraints ? `(${printConstraints(spec.constraints)})` : ""}`];
  if (spec.default !== undefined) parts.push(`= ${printConstant(spec.default)}`);
  if (spec.desc !== undefined) parts.push(JSON.stringify(spec.desc));
  return `${parts.join(" ")} @${at.line}:${at.column}`;
}

function printType(type: TypeSpec | "ellipsis"): string {
  if (typeof type === "string") return type;
  switch (type.kind) {
    case "generic":
      return `${type.of}<${type.args.map(printType).join(", ")}>`;
    case "literal":
      return `literal<${type.values.map(printConstant).join(", ")}>`;
    case "union":
      return `union<${type.members.map(printType).join(", ")}>`;
    case "class":
      return `class ${type.name}${type.args ? `<${type.args.map(printConstant).join(", ")}>` : ""}`;
    case "enum":
      return `enum ${type.name} {${type.members.map(([name, value]) => `${name} = ${JSON.stringify(value)}`).join(", ")}}`;
    case "model":
      return `model ${type.name} {${type.fields.map((f) => `${f.name}: ${printType(f.type)}${f.default === undefined ? "" : ` = ${printConstant(f.default)}`}`).join(", ")}}`;
    case "ref":
      return `ref ${type.name}`;
    case "slot":
      return `slot ${type.index}`;
  }
}

function printConstraints(constraints: Constraints): string {
  return Object.entries(constraints)
    .map(([name, bound]) => `${name}=${printConstant(bound as Constant)}`)
    .join(", ");
}

function printConstant(value: Constant): string {
  if (Array.isArray(value)) return `[${value.map((item) => printConstant(item as Constant)).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if ("dict" in value) return `{${value.dict.map(([k, v]) => `${printConstant(k)}: ${printConstant(v)}`).join(", ")}}`;
  return (
    (value as { float?: string; int?: string; repr?: string }).float ?? (value as { int?: string }).int ?? (value as { repr: string }).repr
  );
}

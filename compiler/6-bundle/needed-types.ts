/** Where `types` or `classes` is left out of a bundle: the fields that would meet its absence at run time, found while it is built. */
import type { TypeSpec } from "../../runtime/abi.ts";
import type { SignatureIr } from "../4-ir/ir.ts";
import type { Feature } from "../config.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SourceFile } from "../source.ts";

/** Those of a project's `without` that say something of fields. */
export function ofTypes(without: readonly Feature[]): Feature | undefined {
  return (["types", "classes"] as const).find((feature) => without.includes(feature));
}

export function fieldsNeeding(feature: Feature | undefined, signatures: readonly SignatureIr[], file: SourceFile): readonly Diagnostic[] {
  if (feature === undefined) return [];
  const needs = feature === "types" ? (type: TypeSpec) => !isPlain(type) : holdsClass;
  return signatures
    .flatMap(({ inputs, outputs }) => [...inputs, ...outputs])
    .filter(({ spec }) => needs(spec.type))
    .map(({ spec, span }) => ({
      code: "feature_left_out",
      severity: "error",
      message: `\`${spec.name}\` has a type that this build leaves out with \`${feature}\`.`,
      file,
      span,
      hint: `Take "${feature}" out of \`without\`.`,
    }));
}

/** What the runtime's short way knows (`native/codecs/simple.ts`); a test holds the two equal. What fills a slot is seen at run time. */
export function isPlain(type: TypeSpec): boolean {
  if (typeof type === "string") return ["str", "int", "float", "bool"].includes(type);
  if (type.kind === "generic") return type.of === "list" && type.args.length === 1 && type.args[0] === "str";
  return type.kind === "slot" || (type.kind === "literal" && type.values.every((value) => typeof value === "string"));
}

function holdsClass(type: TypeSpec | "ellipsis"): boolean {
  if (typeof type === "string") return false;
  switch (type.kind) {
    case "class":
      return true;
    case "generic":
      return type.args.some(holdsClass);
    case "union":
      return type.members.some(holdsClass);
    case "model":
      return type.fields.some((field) => holdsClass(field.type));
    default:
      return false;
  }
}

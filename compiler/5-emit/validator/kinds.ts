/** What a type asks of its check: one expression, a walk, or a value that takes the place of the one that came. */
import type { TypeSpec } from "../../../runtime/abi.ts";
import { containerKind } from "../container-kind.ts";

export type Generic = Extract<TypeSpec, { readonly kind: "generic" }>;
export type Union = Extract<TypeSpec, { readonly kind: "union" }>;

/** A missing Optional is its default, else null. */
export function acceptsNull(type: TypeSpec): boolean {
  return type === "none" || (typeof type === "object" && type.kind === "union" && type.members.includes("none"));
}

/** Types one expression decides: no items to walk, nothing to replace. */
export function isPlain(type: TypeSpec): boolean {
  if (typeof type === "string") return true;
  if (type.kind === "generic") return containerKind(type.of) === "unknown";
  return type.kind === "union" ? type.members.every(isPlain) : type.kind === "literal" || type.kind === "class" || type.kind === "enum";
}

/** A member of such a union would take a missing value for one of its own. */
export function isUnionTakingUndefined(type: TypeSpec): boolean {
  const takes = (member: TypeSpec): boolean =>
    member === "any" ||
    member === "object" ||
    (typeof member === "object" &&
      (member.kind === "slot" || isUnionTakingUndefined(member) || (member.kind === "generic" && containerKind(member.of) === "unknown")));
  return typeof type === "object" && type.kind === "union" && type.members.some(takes);
}

export const isMembers = (type: TypeSpec): boolean => typeof type === "object" && (type.kind === "literal" || type.kind === "enum");

export function holdsSlot(type: TypeSpec | "ellipsis"): boolean {
  if (typeof type === "string") return false;
  if (type.kind === "generic") return type.args.some(holdsSlot);
  if (type.kind === "union") return type.members.some(holdsSlot);
  return type.kind === "slot" || (type.kind === "model" && type.fields.some((field) => holdsSlot(field.type)));
}

/** Whether a check may return another value than it was given: a model's defaults fill, a schema transforms. */
export function replaces(type: TypeSpec | "ellipsis"): boolean {
  if (typeof type === "string") return false;
  if (type.kind === "generic") return containerKind(type.of) !== "unknown" && type.args.some(replaces);
  if (type.kind === "union") return type.members.some(replaces);
  return type.kind === "slot" || type.kind === "model" || type.kind === "ref";
}

export const isNumber = (type: TypeSpec): boolean => type === "int" || type === "float";

/** The names a type refers to and does not declare: models around it. */
export function outerRefs(type: TypeSpec | "ellipsis"): readonly string[] {
  if (typeof type === "string") return [];
  if (type.kind === "generic") return type.args.flatMap(outerRefs);
  if (type.kind === "union") return type.members.flatMap(outerRefs);
  if (type.kind === "model") return type.fields.flatMap((field) => outerRefs(field.type)).filter((name) => name !== type.name);
  return type.kind === "ref" ? [type.name] : [];
}

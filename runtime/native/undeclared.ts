/** A name that Python finds nowhere (`Self`, a class in quotes): the whole type is then none, whatever the value. */
import type { TypeSpec } from "../spec.ts";

export function undeclared(type: TypeSpec | "ellipsis"): string | undefined {
  if (typeof type === "string") return undefined;
  if (type.kind === "class") return /^(?:Self$|ForwardRef\(|['"])/.test(type.name) ? type.name : undefined;
  const parts = type.kind === "generic" ? type.args : type.kind === "union" ? type.members : [];
  return parts.map(undeclared).find((name) => name !== undefined);
}

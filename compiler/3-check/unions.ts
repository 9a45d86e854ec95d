/** `Union[...]`, `Optional[...]` and `|`, as Python builds them: flat, without repeats, in the order of first appearance. */
import type { TypeSpec } from "../../runtime/abi.ts";

export function unionOf(members: readonly TypeSpec[]): TypeSpec {
  const flat = members.flatMap((m) => (typeof m === "object" && m.kind === "union" ? m.members : [m]));
  const distinct = new Map<string, TypeSpec>();
  for (const member of flat) if (!distinct.has(typeKey(member))) distinct.set(typeKey(member), member);
  return distinct.size === 1 ? [...distinct.values()][0]! : { kind: "union", members: [...distinct.values()] };
}

/** Literals are equal whatever the order of their members. */
function typeKey(type: TypeSpec): string {
  if (typeof type === "object" && type.kind === "literal")
    return `literal ${type.values
      .map((v) => JSON.stringify(v))
      .sort()
      .join()}`;
  return JSON.stringify(type);
}

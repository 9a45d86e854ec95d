/** Literals and enums: the value has to be one of theirs. */
import type { EnumType, LiteralType } from "../../spec.ts";
import { sameValue } from "../python/equal.ts";
import { repr } from "../python/repr.ts";
import { isInt, Member, type PyValue } from "../python/value.ts";
import { constantValue } from "../values/constant.ts";
import { refuse } from "./atoms.ts";
import { LAX, type State } from "./state.ts";

export function coerceChoice(type: LiteralType, value: PyValue, _state: State): PyValue {
  const allowed = type.values.map(constantValue);
  const found = lookUp(allowed, value);
  if (found !== undefined) return allowed[found]!;
  return refuse(`one of ${allowed.map(repr).join(", ")}`, value);
}

/** By type first (bool, int, string), then by Python's equality, as pydantic-core's table of literals does. */
function lookUp(allowed: readonly PyValue[], value: PyValue): number | undefined {
  if (typeof value === "boolean" && allowed.some((member) => typeof member === "boolean")) {
    const at = allowed.indexOf(value);
    if (at >= 0) return at;
  }
  if (isInt(value)) {
    const at = allowed.findIndex((member) => isInt(member) && sameValue(member, value));
    if (at >= 0) return at;
  }
  const at = allowed.findIndex((member) =>
    typeof member === "string" ? member === value : typeof value !== "string" && sameValue(member, value),
  );
  return at >= 0 ? at : undefined;
}

export function coerceEnum(type: EnumType, value: PyValue, state: State): PyValue {
  if (value instanceof Member && value.type.name === type.name) return value;
  state.floor(LAX);
  const found = lookUp(
    type.members.map(([, own]) => own),
    value,
  );
  if (found === undefined) return refuse(`one of ${type.members.map(([, own]) => repr(own)).join(", ")}`, value);
  return new Member(type, type.members[found]![0], type.members[found]![1]);
}

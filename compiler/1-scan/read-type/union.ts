/** Unions: constants make one literal, both truth values are `bool`, null and undefined are `none` at the end. */
import type { Constant, TypeSpec } from "../../../runtime/abi.ts";
import { inWrittenOrder } from "../written.ts";
import { readConstant } from "./constant.ts";
import { enumOfMember, readEnum, wholeEnumAmong } from "./enum.ts";
import type { Context, Reading, Type } from "./reading.ts";

export function readUnion(reading: Reading, unordered: readonly Type[], context: Context): TypeSpec | undefined {
  const { ts, checker, read } = reading;
  const types = inWrittenOrder(ts, checker, unordered, context.written);
  const members: TypeSpec[] = [];
  const values: Constant[] = [];
  let none = false;
  const addValue = (value: Constant) => {
    if (values.length === 0) members.push({ kind: "literal", values });
    if (!values.includes(value)) values.push(value);
  };
  const rest = new Set(types);
  for (const type of types) {
    if (!rest.delete(type)) continue;
    if (type.flags & (ts.TypeFlags.Null | ts.TypeFlags.Undefined | ts.TypeFlags.Void)) {
      none = true;
      continue;
    }
    const whole = wholeEnumAmong(ts, type, types);
    if (whole) {
      for (const other of types) if (enumOfMember(ts, other) === whole) rest.delete(other);
      const found = readEnum(reading, whole);
      if (!found) return undefined;
      members.push(found);
      continue;
    }
    const value = readConstant(reading, type);
    if (typeof value === "boolean" && types.filter((t) => t.flags & ts.TypeFlags.BooleanLiteral).length === 2) {
      if (!members.includes("bool")) members.push("bool");
    } else if (value !== undefined) addValue(value);
    else {
      const member = read(type, { ...context, written: undefined });
      if (member === undefined) return undefined;
      if (!members.some((m) => JSON.stringify(m) === JSON.stringify(member))) members.push(member);
    }
  }
  if (none) members.push("none");
  return members.length === 1 ? members[0]! : { kind: "union", members };
}

/** The type, or null. */
export function orNone(type: TypeSpec): TypeSpec {
  if (acceptsNone(type)) return type;
  const members = typeof type === "object" && type.kind === "union" ? type.members : [type];
  return { kind: "union", members: [...members, "none"] };
}

function acceptsNone(type: TypeSpec): boolean {
  return type === "none" || type === "any" || (typeof type === "object" && type.kind === "union" && type.members.includes("none"));
}

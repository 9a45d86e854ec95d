/** The one value a literal type has. */
import type { Constant } from "../../../runtime/abi.ts";
import type { Reading, Type } from "./reading.ts";

export function readConstant({ ts, checker }: Reading, type: Type): Constant | undefined {
  if (type.isStringLiteral()) return type.value;
  if (type.isNumberLiteral()) return type.value;
  if (type.flags & ts.TypeFlags.BooleanLiteral) return checker.typeToString(type) === "true";
  return undefined;
}

/** The quick test of constraints, written where a value is checked. */
import type { Constraints, TypeSpec } from "../../../runtime/abi.ts";
import { containerKind } from "../container-kind.ts";

/**
 * A quick test that is false for every value within the constraints (so the helper is not called); "" where none is
 * worth writing. Lengths of strings are tested in UTF-16 units on the safe side: the helper counts code points.
 */
export function withinTest(type: TypeSpec, constraints: Constraints, x: string): string {
  if (typeof type === "object" && type.kind === "union") {
    const members = type.members.filter((member) => member !== "none");
    const inner = members.length === 1 && members.length < type.members.length ? withinTest(members[0]!, constraints, x) : "";
    return inner && `${x} !== null && ${inner}`;
  }
  const tests = Object.entries(constraints).map(([name, bound]) => holds(name, plainBound(bound), type, x));
  return tests.includes("") ? "" : `!(${tests.join(" && ")})`;
}

/** A whole float keeps its spelling, `{ float: "0.0" }`; what is compared is the number. */
const plainBound = (bound: unknown): unknown => (typeof bound === "object" ? Number((bound as { readonly float: string }).float) : bound);

function holds(name: string, bound: unknown, type: TypeSpec, x: string): string {
  if (type === "int" || type === "float") {
    const operator = ({ gt: ">", ge: ">=", lt: "<", le: "<=" } as Record<string, string>)[name];
    if (operator) return `${x} ${operator} ${bound}`;
    if (name === "multiple_of") return `${x} % ${bound} === 0`;
    return name === "allow_inf_nan" && !bound ? `Number.isFinite(${x})` : "";
  }
  if (name === "pattern") return type === "str" ? `/${new RegExp(bound as string, "u").source}/u.test(${x})` : "";
  const kind = typeof type === "object" && type.kind === "generic" ? containerKind(type.of) : undefined;
  const size =
    kind === "array" || kind === "tuple" || type === "list" || type === "tuple" || type === "str"
      ? `${x}.length`
      : kind === "set" || type === "set"
        ? `${x}.size`
        : "";
  if (size === "") return "";
  if (name === "max_length") return `${size} <= ${bound}`;
  return name === "min_length" ? `${size} >= ${type === "str" && bound !== 1 ? 2 * (bound as number) : bound}` : "";
}

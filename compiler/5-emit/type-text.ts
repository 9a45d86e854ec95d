/** A type in Python's spelling, as issues name it. The twin of `runtime/type-text.ts` (a test holds the two equal). */
import type { TypeSpec } from "../../runtime/abi.ts";
import { constantText, tupleText } from "../3-check/constant-text.ts";

export function typeText(type: TypeSpec | "ellipsis"): string {
  if (type === "ellipsis") return "...";
  if (typeof type === "string") return type === "any" ? "Any" : type === "none" ? "None" : type;
  switch (type.kind) {
    case "generic":
      return `${type.of}[${type.args.map(typeText).join(", ")}]`;
    case "literal":
      return `Literal[${type.values.map(constantText).join(", ")}]`;
    case "union": {
      const some = type.members.filter((m) => m !== "none");
      if (some.length === 0) return "None";
      const inner = some.length === 1 ? typeText(some[0]!) : `Union[${some.map(typeText).join(", ")}]`;
      return some.length === type.members.length ? inner : `Optional[${inner}]`;
    }
    case "class":
      return type.args ? `${type.name}[${tupleText(type.args.map(constantText))}]` : type.name;
    case "slot":
      return type.text;
    default:
      return type.name;
  }
}

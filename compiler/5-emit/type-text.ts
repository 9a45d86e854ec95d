/** A type in Python's spelling, as issues name it. The twin of `runtime/type-text.ts` (a test holds the two equal). */
import type { Constant, TypeSpec } from "../../runtime/abi.ts";

export function typeText(type: TypeSpec | "ellipsis"): string {
  if (type === "ellipsis") return "...";
  if (typeof type === "string") return type === "any" ? "Any" : type === "none" ? "None" : type;
  switch (type.kind) {
    case "generic":
      return `${type.of}[${type.args.map(typeText).join(", ")}]`;
    case "literal":
      return `Literal[${type.values.map(constantText).join(", ")}]`;
    case "union": {
      const some = type.members.filter((member) => member !== "none");
      const inner = some.length === 1 ? typeText(some[0]!) : `Union[${some.map(typeText).join(", ")}]`;
      return some.length === type.members.length ? inner : `Optional[${inner}]`;
    }
    case "class":
      return type.args ? `${type.name}[${type.args.map(constantText).join(", ")}]` : type.name;
    case "slot":
      return type.text;
    default:
      return type.name;
  }
}

/** A constant as Python's `repr` writes it. */
export function constantText(value: Constant): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return stringRepr(value);
  if (Array.isArray(value)) return `[${value.map(constantText).join(", ")}]`;
  if ("float" in value) return value.float;
  if ("int" in value) return value.int;
  if ("repr" in value) return value.repr;
  const { dict } = value as { dict: readonly (readonly [Constant, Constant])[] };
  return `{${dict.map(([key, item]) => `${constantText(key)}: ${constantText(item)}`).join(", ")}}`;
}

function stringRepr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replace(/[\\\n\r\t]/g, (unit) => ({ "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" })[unit] as string);
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote;
}

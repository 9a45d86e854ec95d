/**
 * A type in Python's spelling, as users and state read it: `Optional[int]`, `tuple[int, ...]`. Prompts name types otherwise
 * (`native/type-name.ts`).
 */
import { pattern } from "./pattern.ts";
import type { Constant, TypeSpec } from "./spec.ts";

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
      return type.args ? `${type.name}[${tupleText(type.args)}]` : type.name;
    case "slot":
      return type.text;
    default:
      return type.name;
  }
}

const tupleText = (values: readonly Constant[]): string => `(${values.map(constantText).join(", ")}${values.length === 1 ? "," : ""})`;

/** A constant as Python's `repr` writes it. */
export function constantText(value: Constant): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return numberText(value);
  if (typeof value === "string") return stringRepr(value);
  if (Array.isArray(value)) return `[${value.map(constantText).join(", ")}]`;
  if ("float" in value) return value.float;
  if ("int" in value) return value.int;
  if ("repr" in value) return value.repr;
  // A schema's default is plain JSON: its map has no tag.
  const { dict } = value as { dict?: unknown };
  const entries = (Array.isArray(dict) ? dict : Object.entries(value)) as readonly (readonly [Constant, Constant])[];
  return `{${entries.map(([k, v]) => `${constantText(k)}: ${constantText(v)}`).join(", ")}}`;
}

/** Below 0.0001 Python writes an exponent, of at least two digits: `1e-05`. A number without a fraction is an int here. */
function numberText(value: number): string {
  const text = value !== 0 && Math.abs(value) < 1e-4 ? value.toExponential() : String(value);
  return text.replace(/e([+-])(\d)$/, "e$10$2");
}

const ESCAPED = /* @__PURE__ */ pattern("[\\\\\\p{C}\\p{Zl}\\p{Zp}\\p{Zs}]", "gu");

/** `repr(str)`: what cannot be printed is written as a number. */
function stringRepr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const named: Record<string, string> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };
  const escaped = text.replace(ESCAPED(), (c) => {
    if (c === " ") return c;
    const code = c.codePointAt(0)!;
    if (named[c]) return named[c];
    if (code < 0x100) return `\\x${code.toString(16).padStart(2, "0")}`;
    return code < 0x10000 ? `\\u${code.toString(16).padStart(4, "0")}` : `\\U${code.toString(16).padStart(8, "0")}`;
  });
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote;
}

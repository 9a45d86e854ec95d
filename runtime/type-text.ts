/**
 * A type in Python's spelling. Two spellings exist: users and state read `Optional[int]` and `tuple[int, ...]`;
 * prompts carry what DSPy's `get_annotation_name` prints, `Union[int, NoneType]` and `tuple[int, Ellipsis]`.
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
const lastName = (name: string): string => name.slice(name.lastIndexOf(".") + 1);

/**
 * A type as DSPy's prompts name it (`get_annotation_name`): a class by its last name, a union with its members in
 * order, `NoneType` for `None` except as a plain argument (`list[None]`), `dspy.Reasoning` as the text it is.
 */
export function annotationName(type: TypeSpec | "ellipsis"): string {
  if (type === "ellipsis") return "Ellipsis";
  if (typeof type === "string") return type === "any" ? "Any" : type === "none" ? "NoneType" : type;
  switch (type.kind) {
    case "generic":
      return `${lastName(type.of)}[${type.args.map((a) => (a === "none" ? "None" : annotationName(a))).join(", ")}]`;
    case "literal":
      return `Literal[${type.values.map(memberName).join(", ")}]`;
    case "union": {
      const names = type.members.map(annotationName);
      return names.length === 1 ? names[0]! : `Union[${names.join(", ")}]`;
    }
    case "class":
      if (type.name === "dspy.Reasoning") return "str";
      if (type.args) return `${lastName(type.name)}_${tupleText(type.args)}`;
      return type.name.startsWith("ForwardRef(") ? type.name : lastName(type.name);
    case "slot":
      return type.text;
    default:
      return type.name;
  }
}

/** DSPy quotes strings without escaping them, but for a single quote beside a double one; a class is its name. */
function memberName(value: Constant): string {
  if (typeof value === "string") {
    if (!value.includes("'")) return `'${value}'`;
    return value.includes('"') ? `'${value.replaceAll("'", "\\'")}'` : `"${value}"`;
  }
  const text = constantText(value);
  const named = /^<class '(?:.*\.)?(\w+)'>$/.exec(text);
  return named ? named[1]! : text.replace(/^typing\.(?=Union\[)/, "");
}

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

/** Python pads an exponent to two digits: `1e-07`. */
function numberText(value: number): string {
  return String(value).replace(/e([+-])(\d)$/, "e$10$2");
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

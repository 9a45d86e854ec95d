/**
 * A type as prompts name it, DSPy's `get_annotation_name` (dspy-semantics 2.1): `Union[int, NoneType]`,
 * `tuple[int, Ellipsis]`, a class by its last name, `dspy.Reasoning` as `str`.
 */
import type { Constant, TypeSpec } from "../spec.ts";
import { constantText } from "../type-text.ts";

/** `className`: what a class is printed as, where that may be more than its last name. */
export function typeName(type: TypeSpec | "ellipsis", className: (name: string) => string = lastName): string {
  if (type === "ellipsis") return "Ellipsis";
  if (typeof type === "string") return type === "any" ? "Any" : type === "none" ? "NoneType" : type;
  switch (type.kind) {
    case "generic":
      // `list[None]` keeps the constant; where Python turns it into a class, it comes as a union of one.
      return `${originName(type.of)}[${type.args.map((arg) => (arg === "none" ? "None" : typeName(arg, className))).join(", ")}]`;
    case "literal":
      return `Literal[${type.values.map(literalText).join(", ")}]`;
    case "union":
      return unionName(type.members, className);
    case "class":
      if (type.name === "dspy.Reasoning") return "str";
      if (type.name.startsWith("ForwardRef(")) return type.name;
      if (/^['"]/.test(type.name)) return type.name.slice(1, -1).replaceAll(/\\(.)/g, "$1");
      return className(type.name) + (type.args ? `_${languageText(type.args)}` : "");
    case "slot":
      return type.text;
    default:
      return type.name;
  }
}

/** Python keeps unions flat, each member once, and one member alone is no union. */
function unionName(members: readonly TypeSpec[], className: (name: string) => string): string {
  const names = (list: readonly TypeSpec[]): string[] =>
    list.flatMap((member) =>
      typeof member === "object" && member.kind === "union" ? names(member.members) : [typeName(member, className)],
    );
  const distinct = [...new Set(names(members))];
  return distinct.length === 1 ? distinct[0]! : `Union[${distinct.join(", ")}]`;
}

export const lastName = (name: string): string => name.slice(name.lastIndexOf(".") + 1);

/** `typing`'s names print as the class they stand for. */
const originName = (of: string): string => (ALIASES.has(of) ? of.toLowerCase() : lastName(of));
const ALIASES: ReadonlySet<string> = new Set(["List", "Dict", "Tuple", "Set", "FrozenSet", "Deque", "DefaultDict", "Type"]);

/** `dspy.Code["java"]` makes the class `Code_java`; several arguments are one tuple. */
const languageText = (args: readonly Constant[]): string => {
  if (args.length !== 1) return `(${args.map(constantText).join(", ")})`;
  return typeof args[0] === "string" ? args[0] : constantText(args[0]!);
};

/** DSPy quotes a literal's strings itself: nothing is escaped but a single quote beside a double one. */
function literalText(value: Constant): string {
  if (typeof value !== "string") return memberName(constantText(value));
  if (!value.includes("'")) return `'${value}'`;
  return value.includes('"') ? `'${value.replaceAll("'", "\\'")}'` : `"${value}"`;
}

/** A class or a typing form that stands in a Literal is named like a type. */
const memberName = (text: string): string =>
  /^<(?:class|enum) '([^']+)'>$/.exec(text)?.[1]?.replace(/^.*\./, "") ?? text.replace(/^typing\./, "");

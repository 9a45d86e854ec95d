/**
 * A type as prompts name it, DSPy's `get_annotation_name` (dspy-semantics 2.1): `Union[int, NoneType]`,
 * `tuple[int, Ellipsis]`, a class by its last name, `dspy.Reasoning` as `str`.
 */
import type { Constant, TypeSpec } from "../spec.ts";
import { constantText } from "../type-text.ts";

export function typeName(type: TypeSpec | "ellipsis"): string {
  if (type === "ellipsis") return "Ellipsis";
  if (typeof type === "string") return type === "any" ? "Any" : type === "none" ? "NoneType" : type;
  switch (type.kind) {
    case "generic":
      return `${originName(type.of)}[${type.args.map(typeName).join(", ")}]`;
    case "literal":
      return `Literal[${type.values.map(literalText).join(", ")}]`;
    case "union":
      return unionName(type.members);
    case "class":
      if (type.name === "dspy.Reasoning") return "str";
      return lastName(type.name) + (type.args ? `_${type.args.map(String).join("_")}` : "");
    case "slot":
      return type.text;
    default:
      return type.name;
  }
}

/** Python keeps unions flat, each member once, and one member alone is no union. */
function unionName(members: readonly TypeSpec[]): string {
  const names = (list: readonly TypeSpec[]): string[] =>
    list.flatMap((member) => (typeof member === "object" && member.kind === "union" ? names(member.members) : [typeName(member)]));
  const distinct = [...new Set(names(members))];
  return distinct.length === 1 ? distinct[0]! : `Union[${distinct.join(", ")}]`;
}

export const lastName = (name: string): string => name.slice(name.lastIndexOf(".") + 1);

/** `typing`'s aliases print as the class they stand for; `typing.AbstractSet` is the abstract `Set`. */
const ALIASES: Readonly<Record<string, string>> = {
  List: "list",
  Dict: "dict",
  Tuple: "tuple",
  Set: "set",
  FrozenSet: "frozenset",
  Deque: "deque",
  DefaultDict: "defaultdict",
  Type: "type",
  AbstractSet: "Set",
};
const originName = (of: string): string => (of.startsWith("collections.abc.") ? lastName(of) : (ALIASES[lastName(of)] ?? lastName(of)));

/** DSPy quotes a literal's strings itself: nothing is escaped but a single quote beside a double one. */
function literalText(value: Constant): string {
  if (typeof value !== "string") return memberName(constantText(value));
  if (!value.includes("'")) return `'${value}'`;
  return value.includes('"') ? `'${value.replaceAll("'", "\\'")}'` : `"${value}"`;
}

/** A class or a typing form that stands in a Literal is named like a type. */
const memberName = (text: string): string =>
  /^<(?:class|enum) '([^']+)'>$/.exec(text)?.[1]?.replace(/^.*\./, "") ?? text.replace(/^typing\./, "");

/**
 * A type's name where a signature's text makes it. There `dspy.Code['java']` gets a tuple for its language, which DSPy
 * cannot print in a prompt; prompts here name it as the class syntax does.
 */
export function annotationName(type: TypeSpec): string {
  return typeName(type).replace(/\bCode_(\w+)/g, "Code_('$1',)");
}

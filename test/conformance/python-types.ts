/** Reads the type text of a row's `fields` (`dict[str, Person] | None`) against the row's own models and enums. */
import { typeNames } from "../../compiler/3-check/type-names.ts";
import type { Constant, EnumType, FieldSpec, ModelType, TypeSpec } from "../../runtime/spec.ts";
import { type Json, JsonNumber } from "./json.ts";

/** A row's `types`: what stands there is compiled once, and a model inside itself becomes a reference. */
export interface RowTypes {
  readonly [name: string]: RowType;
}
type RowType =
  | { readonly kind: "enum"; readonly members: readonly (readonly [string, Json])[] }
  | { readonly kind: "model"; readonly doc?: string; readonly fields: readonly RowField[] };
export interface RowField {
  readonly name: string;
  readonly role?: "input" | "output";
  readonly type: string;
  readonly desc?: string;
  readonly alias?: string;
  readonly constraints?: Readonly<Record<string, Json>>;
  readonly default?: Json;
}

function readType(text: string, types: RowTypes = {}, inside: readonly string[] = []): TypeSpec {
  const reader = new Reader(text, types, inside);
  const type = reader.union();
  reader.end();
  return type;
}

export function readField(field: RowField, types: RowTypes): FieldSpec {
  return {
    name: field.name,
    type: readType(field.type, types),
    ...(typeof field.desc === "string" && { desc: field.desc }),
    ...(field.constraints && {
      constraints: Object.fromEntries(Object.entries(field.constraints).map(([name, bound]) => [name, constant(bound)])) as never,
    }),
    ...("default" in field && { default: constant(field.default!) }),
  };
}

function constant(value: Json): Constant {
  if (value instanceof JsonNumber) return /[.eE]/.test(value.text) ? { float: value.text } : Number(value.text);
  if (Array.isArray(value)) return value.map(constant);
  if (value instanceof Map) return { dict: [...value].map(([key, item]) => [key, constant(item)] as const) };
  return value as Constant;
}

/** Flat, each member once, as Python's typing keeps unions. */
function unionOf(members: readonly TypeSpec[]): TypeSpec {
  const flat = members.flatMap((member) => (typeof member === "object" && member.kind === "union" ? member.members : [member]));
  const distinct = flat.filter((member, i) => flat.findIndex((other) => JSON.stringify(other) === JSON.stringify(member)) === i);
  return distinct.length === 1 ? distinct[0]! : { kind: "union", members: distinct };
}

const ATOMS = new Set([
  "str",
  "int",
  "float",
  "bool",
  "bytes",
  "bytearray",
  "complex",
  "object",
  "list",
  "dict",
  "tuple",
  "set",
  "frozenset",
]);
const ALIASES: Readonly<Record<string, string>> = {
  List: "list",
  Dict: "dict",
  Tuple: "tuple",
  Set: "set",
  FrozenSet: "frozenset",
  Type: "type",
  Any: "any",
  None: "none",
  NoneType: "none",
};

class Reader {
  private at = 0;
  /** How many types this one is inside of. */
  private depth = 0;
  private readonly text: string;
  private readonly types: RowTypes;
  private readonly inside: readonly string[];
  constructor(text: string, types: RowTypes, inside: readonly string[]) {
    this.text = text;
    this.types = types;
    this.inside = inside;
  }

  end(): void {
    if (this.peek() !== undefined) throw new Error(`cannot read the type ${this.text}`);
  }
  private peek(): string | undefined {
    while (this.text[this.at] === " ") this.at++;
    return this.text[this.at];
  }
  private take(char: string): boolean {
    if (this.peek() !== char) return false;
    this.at++;
    return true;
  }

  union(): TypeSpec {
    const members = [this.single()];
    while (this.take("|")) members.push(this.single());
    return unionOf(members);
  }

  private single(): TypeSpec {
    this.peek();
    const quoted = /['"]([\w.]+)['"]/y;
    quoted.lastIndex = this.at;
    const name = (quoted.exec(this.text) ?? this.match(/[\w.]+/y))?.[quoted.lastIndex ? 1 : 0];
    if (!name) throw new Error(`cannot read the type ${this.text}`);
    if (quoted.lastIndex) this.at = quoted.lastIndex;
    const own = name.replace(/^typing\./, "");
    if (!this.take("[")) return this.named(own);
    if (own === "Literal") return { kind: "literal", values: this.literals() };
    if (own === "dspy.Code") return { kind: "class", name: own, args: this.literals() };
    const args: (TypeSpec | "ellipsis")[] = [];
    this.depth++;
    while (!this.take("]")) {
      if (this.match(/\.\.\./y)) args.push("ellipsis");
      else if (this.take("[")) args.push(this.parameters());
      else if (own === "Annotated" && args.length > 0) this.match(/[^\]]*/y);
      else args.push(this.union());
      this.take(",");
    }
    this.depth--;
    if (own === "Annotated") return args[0] as TypeSpec;
    if (own === "Optional") return unionOf([args[0] as TypeSpec, "none"]);
    if (own === "Union") return unionOf(args as TypeSpec[]);
    return { kind: "generic", of: ALIASES[own] ?? own, args };
  }

  /** What a Callable takes, which prompts print as Python prints a list. */
  private parameters(): TypeSpec {
    const written: string[] = [];
    while (!this.take("]")) {
      written.push(`<class '${this.match(/[\w.]+/y)?.[0]}'>`);
      this.take(",");
    }
    return { kind: "class", name: `[${written.join(", ")}]` };
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found) this.at = pattern.lastIndex;
    return found;
  }

  /** Constants up to the closing bracket. */
  private literals(): Constant[] {
    const values: Constant[] = [];
    while (!this.take("]")) {
      const text = this.match(/\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(-?\d+)|(True|False|None))/y);
      if (!text) throw new Error(`cannot read the literal in ${this.text}`);
      const string = text[1] ?? text[2];
      if (string !== undefined) values.push(string.replace(/\\(.)/g, "$1"));
      else values.push(text[3] !== undefined ? Number(text[3]) : text[4] === "None" ? null : text[4] === "True");
      this.take(",");
    }
    return values;
  }

  /** A class by the name Python imports it by, as the compiler knows it. */
  private known(name: string): TypeSpec {
    const meaning = typeNames.get(name);
    return (this.depth > 0 ? (meaning?.nested ?? meaning?.bare) : meaning?.bare) ?? { kind: "class", name };
  }

  private named(name: string): TypeSpec {
    if (ATOMS.has(name)) return name as TypeSpec;
    if (ALIASES[name]) return ALIASES[name] as TypeSpec;
    const type = this.types[name];
    if (!type) return this.known(name);
    if (type.kind === "enum")
      return {
        kind: "enum",
        name,
        members: type.members.map(([key, value]) => [key, value instanceof JsonNumber ? Number(value.text) : (value as string)] as const),
      } satisfies EnumType;
    if (this.inside.includes(name)) return { kind: "ref", name };
    return {
      kind: "model",
      name,
      ...(type.doc !== undefined && { doc: type.doc }),
      fields: type.fields.map((field) => ({
        ...readField({ ...field, type: "str" }, {}),
        type: readType(field.type, this.types, [...this.inside, name]),
        ...(field.alias !== undefined && { alias: field.alias }),
      })),
    } satisfies ModelType;
  }
}

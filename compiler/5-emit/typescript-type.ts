/**
 * TypeSpec as a TypeScript type (api.md, "TypeScript forms"). Models become interfaces of their own, so that a type that
 * contains itself can be named; the twin for the editor is `runtime/types/forms.ts`, and a test holds the two equal.
 */
import type { Constant, FieldSpec, ModelField, ModelType, TypeSpec } from "../../runtime/abi.ts";
import { containerKind } from "./container-kind.ts";
import type { InterfaceDeclaration, MemberDeclaration } from "./declaration.ts";
import { RESERVED } from "./names.ts";
import { acceptsNull } from "./validator/kinds.ts";

/** An input may leave out what has a default; an output holds every field. */
export type Side = "inputs" | "outputs";

/** Interfaces of one generated module, by name; a second model of a name gets a number. */
export class Interfaces {
  readonly declarations: InterfaceDeclaration[] = [];
  /** Classes of the runtime the types mention, to be imported. */
  readonly imported: Set<string> = new Set();
  /** A name of the language, or one the module itself uses, would be another thing in it. */
  readonly #names = new Set<string>([...RESERVED, "Signature", "Image", "History", "Record", "Readonly"]);
  readonly #models = new Map<string, string>();

  /** A name nobody in the module has. */
  claim(wanted: string): string {
    let name = wanted;
    for (let i = 2; this.#names.has(name); i++) name = `${wanted}${i}`;
    this.#names.add(name);
    return name;
  }

  /** Declares the interface of a signature's side. */
  declare(
    wanted: string,
    doc: string | undefined,
    fields: readonly FieldSpec[],
    side: Side,
    slots: readonly (string | undefined)[],
  ): string {
    const name = this.claim(wanted);
    const members = this.#members(fields, side, slots, new Map());
    this.declarations.push({ kind: "interface", name, doc, exported: true, members });
    return name;
  }

  #members(
    fields: readonly (FieldSpec | ModelField)[],
    side: Side,
    slots: readonly (string | undefined)[],
    refs: ReadonlyMap<string, string>,
  ): MemberDeclaration[] {
    return fields.map((field) => ({
      name: field.name,
      optional: side === "inputs" && (field.default !== undefined || acceptsNull(field.type)),
      type: this.#type(field.type, side, slots, refs),
      doc: field.desc,
    }));
  }

  #type(type: TypeSpec | "ellipsis", side: Side, slots: readonly (string | undefined)[], refs: ReadonlyMap<string, string>): string {
    const inner = (part: TypeSpec | "ellipsis") => this.#type(part, side, slots, refs);
    if (typeof type === "string") return ATOMS[type] ?? "unknown";
    switch (type.kind) {
      case "literal":
        return union(type.values.map(constantType));
      case "enum":
        return union(type.members.map(([, value]) => JSON.stringify(value)));
      case "class":
        return this.#class(type.name);
      case "union":
        return union(type.members.map(inner));
      case "slot":
        return slots[type.index] ?? "unknown";
      case "ref":
        return refs.get(type.name) ?? type.name;
      case "model":
        return this.#model(type, side, slots, refs);
      case "generic": {
        const [first = "any", second = "any"] = type.args;
        switch (containerKind(type.of)) {
          case "array":
            return `${grouped(inner(first))}[]`;
          case "set":
            return `Set<${inner(first)}>`;
          case "record":
            return `Record<string, ${inner(second)}>`;
          case "tuple":
            return second === "ellipsis" ? `readonly ${grouped(inner(first))}[]` : `readonly [${type.args.map(inner).join(", ")}]`;
          default:
            return "unknown";
        }
      }
    }
  }

  #class(name: string): string {
    if (name === "dspy.Image" || name === "dspy.History") {
      const short = name.slice("dspy.".length);
      this.imported.add(short);
      return short;
    }
    return CLASSES[name] ?? "unknown";
  }

  #model(type: ModelType, side: Side, slots: readonly (string | undefined)[], refs: ReadonlyMap<string, string>): string {
    const key = `${side}:${JSON.stringify(type)}`;
    const known = this.#models.get(key);
    if (known) return known;
    const clean = type.name.replace(/[^\p{ID_Continue}$]/gu, "_").replace(/^(?!\p{ID_Start})/u, "_");
    const name = this.claim(clean);
    this.#models.set(key, name);
    const members = this.#members(type.fields, side, slots, new Map([...refs, [type.name, name]]));
    this.declarations.push({ kind: "interface", name, doc: type.doc, exported: true, members });
    return name;
  }
}

const ATOMS: Readonly<Record<string, string>> = {
  str: "string",
  int: "number",
  float: "number",
  bool: "boolean",
  complex: "string",
  bytes: "Uint8Array",
  bytearray: "Uint8Array",
  none: "null",
  list: "unknown[]",
  tuple: "readonly unknown[]",
  set: "Set<unknown>",
  frozenset: "Set<unknown>",
  dict: "Record<string, unknown>",
};

const CLASSES: Readonly<Record<string, string>> = {
  "datetime.datetime": "Date",
  "datetime.date": "string",
  "datetime.time": "string",
  "datetime.timedelta": "string",
  "decimal.Decimal": "string",
  "uuid.UUID": "string",
};

/** Members in source order, each once; unknown takes all. */
function union(types: readonly string[]): string {
  const members = [...new Set(types)];
  return members.includes("unknown") ? "unknown" : members.join(" | ") || "never";
}

const grouped = (type: string): string => (/ \| |^readonly /.test(type) ? `(${type})` : type);

function constantType(value: Constant): string {
  if (typeof value === "object" && value !== null) return "float" in value ? String(Number(value.float)) : "unknown";
  return JSON.stringify(value);
}

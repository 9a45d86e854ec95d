/**
 * JSON Schema as pydantic writes it for validation, which DSPy shows the model for every type that is not simple
 * (dspy-semantics 2.2). `promptSchema` is the text in prompts, every object sorted with `type` first; `pydanticOrder` is
 * pydantic's own order, which `response_format` carries.
 */
import { ConfigurationError } from "../errors.ts";
import type { Constant, Constraints, EnumType, ModelField, ModelType, TypeSpec } from "../spec.ts";
import { Float } from "../values.ts";
import { isVariable, namedClass } from "./classes/index.ts";
import { MODELS, ROOT, ROOT_SCHEMA } from "./classes/models.ts";
import { DSPY_MODELS } from "./dspy-models.ts";
import { containerOf } from "./kind.ts";
import { cleandoc } from "./python/doc.ts";
import { dumps, sortedKeys } from "./python/json.ts";
import { codePointOrder } from "./python/order.ts";
import { truthy } from "./python/truth.ts";
import type { Dict, PyValue } from "./python/value.ts";
import { lastName, typeName } from "./type-name.ts";
import { undeclared } from "./undeclared.ts";
import { constantValue } from "./values/constant.ts";
import { toPython } from "./values/python.ts";
import { serialize } from "./values/serialize.ts";
import { untyped } from "./values/untyped.ts";

export const object = (...entries: readonly (readonly [string, PyValue] | undefined)[]): Dict =>
  new Map(entries.filter((entry) => entry !== undefined));

/** The text DSPy prints. */
export function promptSchema(type: TypeSpec): string {
  return dumps(sortedKeys(schemaOf(type)));
}

/** A type's whole schema, definitions included; `byName` as XML's tags want it. */
export function schemaOf(type: TypeSpec, byName = false): Dict {
  const unknown = undeclared(type);
  if (unknown) undescribed(unknown);
  const writer = new Writer(byName);
  const schema = writer.schema(type);
  return writer.finish(schema);
}

class Writer {
  private readonly definitions = new Map<string, Dict>();
  private readonly uses = new Map<string, number>();
  private readonly byName: boolean;
  constructor(byName: boolean) {
    this.byName = byName;
  }

  /** A definition used once, and only as the whole schema, is written in place. */
  finish(schema: Dict): Dict {
    const whole = schema.size === 1 && typeof schema.get("$ref") === "string" ? String(schema.get("$ref")).slice(8) : undefined;
    let body = schema;
    if (whole !== undefined && this.uses.get(whole) === 1) {
      body = this.definitions.get(whole)!;
      this.definitions.delete(whole);
    }
    return this.definitions.size === 0 ? body : new Map<PyValue, PyValue>([["$defs", new Map(this.definitions)], ...body]);
  }

  schema(type: TypeSpec): Dict {
    if (typeof type === "string") return this.atom(type);
    switch (type.kind) {
      case "generic":
        return this.container(type.of, type.args);
      case "literal":
        return choices(type.values.map(constantValue));
      case "union":
        return this.union(type.members);
      case "enum":
        return this.define(type.name, () => enumSchema(type));
      case "model":
        return this.define(type.name, () => this.model(type));
      case "ref":
        return this.reference(type.name);
      case "class":
        return this.classSchema(type.name, type.args ? typeName(type) : undefined);
      case "slot":
        return object();
    }
  }

  private atom(type: string): Dict {
    const simple: Record<string, string> = {
      str: "string",
      int: "integer",
      float: "number",
      bool: "boolean",
      none: "null",
      complex: "string",
    };
    if (type in simple) return object(["type", simple[type]!]);
    if (type === "bytes") return object(["type", "string"], ["format", "binary"]);
    return containerOf(type) ? this.container(type, []) : object();
  }

  private container(of: string, args: readonly (TypeSpec | "ellipsis")[]): Dict {
    const kind = containerOf(of);
    const inner = (index: number): Dict =>
      args[index] === undefined || args[index] === "ellipsis" ? object() : this.schema(args[index] as TypeSpec);
    if (kind === "dict" || kind === "counter") {
      const values = kind === "counter" ? object(["type", "integer"]) : inner(1);
      const keys = inner(0);
      values.delete("title");
      const names = (keys.get("type") === "string" && keys.size > 1) || keys.has("$ref");
      if (names) keys.delete("type");
      return object(["type", "object"], names ? ["propertyNames", keys] : undefined, [
        "additionalProperties",
        truthy(values) ? values : true,
      ]);
    }
    if (kind === "tuple" && (args.length > 0 || of.endsWith("]")) && args[1] !== "ellipsis") {
      const items = args.map((_, i) => inner(i));
      return object(["type", "array"], ["maxItems", items.length], ["minItems", items.length], ["prefixItems", items]);
    }
    if (kind === undefined) return this.named(of, args);
    return object(["type", "array"], ["items", inner(0)], kind === "set" || kind === "frozenset" ? ["uniqueItems", true] : undefined);
  }

  private named(name: string, args: readonly (TypeSpec | "ellipsis")[]): Dict {
    const schema = namedClass(name)?.schema;
    if (schema === undefined || (name === "type" && !isKnownClass(args[0]))) return undescribed(name);
    return untyped(schema) as Dict;
  }

  /** Null stands last; a union inside a union is part of it; equal members are one. */
  private union(members: readonly TypeSpec[]): Dict {
    const flat = flatten(members);
    const some = flat.filter((member) => member !== "none");
    const any = [...some, ...(some.length < flat.length ? (["none"] as const) : [])].flatMap((member) => {
      const schema = some.length > 1 ? this.choice(member) : this.schema(member);
      if (!schema) return [];
      const inner = schema.size === 1 ? schema.get("anyOf") : undefined;
      return Array.isArray(inner) ? (inner as Dict[]) : [schema];
    });
    const distinct = any.filter((schema, i) => any.findIndex((other) => dumps(sortedKeys(other)) === dumps(sortedKeys(schema))) === i);
    return distinct.length === 1 ? distinct[0]! : object(["anyOf", distinct]);
  }

  /** One of several is left out where it has no schema; pydantic warns. */
  private choice(member: TypeSpec): Dict | undefined {
    try {
      return this.schema(member);
    } catch (error) {
      if (error instanceof ConfigurationError) return undefined;
      throw error;
    }
  }

  private define(name: string, make: () => Dict): Dict {
    if (!this.definitions.has(name)) {
      const place: Dict = new Map();
      this.definitions.set(name, place);
      for (const [key, value] of make()) place.set(key, value);
    }
    return this.reference(name);
  }

  private reference(name: string): Dict {
    this.uses.set(name, (this.uses.get(name) ?? 0) + 1);
    return object(["$ref", `#/$defs/${name}`]);
  }

  private model(type: ModelType): Dict {
    const key = (field: ModelField): string => (this.byName ? field.name : (field.alias ?? field.name));
    const required = type.fields.filter((field) => field.default === undefined).map(key);
    return object(
      type.doc ? ["description", cleandoc(type.doc)] : undefined,
      ["type", "object"],
      ["properties", object(...type.fields.map((field) => [key(field), this.field(field)] as const))],
      required.length > 0 ? ["required", required] : undefined,
      ["title", type.name],
    );
  }

  private field(field: ModelField): Dict {
    const schema = new Map(constrain(this.schema(field.type), field.constraints));
    if (titled(field.type)) schema.set("title", titleOf(field.alias ?? field.name));
    if (field.desc !== undefined) schema.set("description", field.desc);
    // A list or a dict as default is a factory in Python, which a schema does not show.
    if (field.default !== undefined && !isMutable(field.default))
      schema.set("default", serialize(toPython(constantValue(field.default), field.type)));
    return schema;
  }

  private classSchema(name: string, special: string | undefined): Dict {
    const format = FORMATS[name];
    if (format) return object(["type", "string"], ["format", format]);
    if (name === "decimal.Decimal") return object(["anyOf", [object(["type", "number"]), object(["type", "string"])]]);
    const known = DSPY_MODELS[name];
    if (known) {
      if (name === "dspy.ToolCalls") this.define("ToolCall", () => this.known(DSPY_MODELS["dspy.ToolCalls.ToolCall"]!, "ToolCall"));
      const title = special ?? lastName(name);
      return this.define(title, () => this.known(special ? { ...known, description: undefined } : known, title));
    }
    if (name === ROOT) return this.define("RootModel", () => untyped(ROOT_SCHEMA) as Dict);
    const model = MODELS[name];
    if (model) return this.schema(model);
    return this.container(name, []);
  }

  private known(model: (typeof DSPY_MODELS)[string], title: string): Dict {
    return object(
      model.closed ? ["additionalProperties", false] : undefined,
      model.description === undefined ? undefined : ["description", model.description],
      ["type", "object"],
      ["properties", object(...model.properties.map(([name, type]) => [name, this.knownField(name, type)] as const))],
      model.required.length > 0 ? ["required", [...model.required]] : undefined,
      ["title", title],
    );
  }

  private knownField(name: string, type: TypeSpec): Dict {
    const schema = new Map(this.schema(type));
    if (type === "dict") schema.set("additionalProperties", true);
    schema.set("title", titleOf(name));
    if (typeof type === "object" && type.kind === "union") schema.set("default", null);
    return schema;
  }
}

/** `Type[int]` has a schema, an empty one; `Type[Any]` and `Type[T]` have none. */
function isKnownClass(type: TypeSpec | "ellipsis" | undefined): boolean {
  if (type === undefined || type === "any") return false;
  if (typeof type === "string") return true;
  if (type.kind === "union") return type.members.every(isKnownClass);
  return type.kind !== "class" || !isVariable(type.name);
}

/** DSPy fails here too, when it asks pydantic for the schema it would show. */
function undescribed(name: string): never {
  throw new ConfigurationError(
    "route_impossible",
    `No model can be asked for ${lastName(name)}: pydantic has no JSON Schema for it, so DSPy has no prompt.`,
    {
      remedy: "Declare the output as another type: what is meant in words or numbers, or a model.",
    },
  );
}

const FORMATS: Readonly<Record<string, string>> = {
  "datetime.date": "date",
  "datetime.datetime": "date-time",
  "datetime.time": "time",
  "datetime.timedelta": "duration",
};

function flatten(members: readonly TypeSpec[]): TypeSpec[] {
  return members.flatMap((member) => (typeof member === "object" && member.kind === "union" ? flatten(member.members) : [member]));
}

function choices(values: readonly PyValue[]): Dict {
  const distinct = values.filter((value, i) => values.indexOf(value) === i);
  const kinds = new Set(
    distinct.map((value) =>
      value === null ? "null" : typeof value === "string" ? "string" : typeof value === "boolean" ? "boolean" : "integer",
    ),
  );
  const type: [string, PyValue] | undefined =
    kinds.size === 1 && (distinct.length === 1 || !kinds.has("null")) ? ["type", [...kinds][0]!] : undefined;
  return distinct.length === 1 ? object(type, ["const", distinct[0]!]) : object(type, ["enum", distinct]);
}

/** Also of one member: only a Literal of one is a `const`. */
function enumSchema(type: EnumType): Dict {
  const values = type.members.map(([, value]) => value);
  const kinds = new Set(values.map((value) => (typeof value === "string" ? "string" : Number.isInteger(value) ? "integer" : "number")));
  return object(kinds.size === 1 ? ["type", [...kinds][0]!] : undefined, ["enum", values], ["title", type.name]);
}

const isMutable = (value: Constant): boolean => {
  const made = constantValue(value);
  return Array.isArray(made) || made instanceof Map;
};

/** A field that is nothing but a reference carries no title of its own. */
function titled(type: TypeSpec): boolean {
  if (typeof type === "string") return true;
  if (type.kind === "union") {
    const some = flatten(type.members).filter((member) => member !== "none");
    return some.length !== 1 || titled(some[0]!);
  }
  return !(type.kind === "model" || type.kind === "ref" || type.kind === "enum" || (type.kind === "class" && type.name in DSPY_MODELS));
}

/** pydantic's title: `str.title()` of the name, underscores as blanks. */
export function titleOf(name: string): string {
  return name
    .replace(/\p{L}+/gu, (word) => word[0]!.toUpperCase() + word.slice(1).toLowerCase())
    .replaceAll("_", " ")
    .trim();
}

function constrain(schema: Dict, constraints: Constraints | undefined): Dict {
  if (!constraints) return schema;
  const any = schema.get("anyOf");
  if (Array.isArray(any) && any.length === 2 && any[1] instanceof Map && any[1].get("type") === "null")
    return object(["anyOf", [constrain(any[0] as Dict, constraints), any[1]]]);
  const kind = schema.get("type");
  const size = kind === "array" ? "Items" : kind === "object" ? "Properties" : "Length";
  const names: Record<string, string> = {
    ge: "minimum",
    gt: "exclusiveMinimum",
    le: "maximum",
    lt: "exclusiveMaximum",
    multiple_of: "multipleOf",
    min_length: `min${size}`,
    max_length: `max${size}`,
    pattern: "pattern",
  };
  return new Map<PyValue, PyValue>([
    ...schema,
    ...Object.entries(constraints).flatMap(([name, bound]): [PyValue, PyValue][] =>
      names[name] ? [[names[name]!, typeof bound === "object" ? new Float(Number(bound.float)) : bound]] : [],
    ),
  ]);
}

/** Keys sorted everywhere but in `properties` and `default`, as pydantic leaves them. */
export function pydanticOrder(value: PyValue, parent = ""): PyValue {
  if (Array.isArray(value)) return value.map((item: PyValue) => pydanticOrder(item, parent));
  if (!(value instanceof Map)) return value;
  const keys = [...value.keys()] as string[];
  if (parent !== "properties" && parent !== "default") keys.sort(codePointOrder);
  return new Map(keys.map((key) => [key, pydanticOrder(value.get(key)!, key)]));
}

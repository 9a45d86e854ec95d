/**
 * A side of a signature as JSON Schema, as pydantic writes it for a model of the same fields (validation mode): titles
 * from names, `$defs` for models and enums, keys in pydantic's order. Goldens made by pydantic stand in the tests.
 */
import type { Constant, Constraints, FieldSpec, ModelField, ModelType, SignatureSpec, TypeSpec } from "../../runtime/abi.ts";
import { containerKind } from "./container-kind.ts";

type Schema = Record<string, unknown>;

/** `undefined` where a type has no schema known at build time: a hole, a class whose schema only Python knows. */
export function jsonSchema(spec: SignatureSpec, side: "inputs" | "outputs", name: string): Schema | undefined {
  const scope: Scope = { defs: new Map(), known: true };
  const schema = objectSchema(spec[side], name, undefined, scope);
  if (!scope.known) return undefined;
  return sorted(
    scope.defs.size ? { ...schema, $defs: Object.fromEntries([...scope.defs].sort(([a], [b]) => (a < b ? -1 : 1))) } : schema,
  ) as Schema;
}

/**
 * A tool's parameter, as DSPy shows it: `TypeAdapter(type).json_schema()` with its references written out. Only a model
 * inside itself keeps its reference and its definition.
 */
export function parameterSchema(type: TypeSpec, description: string | undefined): Schema {
  const scope: Scope = { defs: new Map(), known: true };
  const { $defs, ...schema } = inlined(
    sorted(typeSchema(type, scope)) as Schema,
    new Map([...scope.defs].map(([name, def]) => [name, sorted(def) as Schema])),
  );
  return { ...schema, ...($defs ? { $defs } : {}), ...(description === undefined ? {} : { description }) };
}

function inlined(schema: Schema, defs: ReadonlyMap<string, Schema>): Schema {
  const kept: Record<string, Schema> = {};
  const write = (value: unknown, open: readonly string[]): unknown => {
    if (Array.isArray(value)) return value.map((item) => write(item, open));
    if (typeof value !== "object" || value === null) return value;
    const reference = (value as Schema).$ref;
    const name = typeof reference === "string" ? reference.slice("#/$defs/".length) : undefined;
    if (name === undefined) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, write(item, open)]));
    if (!open.includes(name)) return write({ ...defs.get(name), ...omitReference(value as Schema) }, [...open, name]);
    kept[name] ??= defs.get(name)!;
    return value;
  };
  const out = write(schema, []) as Schema;
  return Object.keys(kept).length ? { ...out, $defs: kept } : out;
}

const omitReference = ({ $ref: _, ...rest }: Schema): Schema => rest;

interface Scope {
  readonly defs: Map<string, Schema>;
  known: boolean;
}

function objectSchema(fields: readonly (FieldSpec | ModelField)[], name: string, doc: string | undefined, scope: Scope): Schema {
  const properties = Object.fromEntries(
    fields.map((field) => [("alias" in field && field.alias) || field.name, fieldSchema(field, scope)]),
  );
  const required = fields.filter((field) => field.default === undefined).map((field) => ("alias" in field && field.alias) || field.name);
  return { ...(doc ? { description: doc } : {}), properties, ...(required.length ? { required } : {}), title: name, type: "object" };
}

function fieldSchema(field: FieldSpec | ModelField, scope: Scope): Schema {
  const schema = constrained(typeSchema(field.type, scope), field.constraints ?? {});
  const more: Schema = {};
  if (field.default !== undefined) more.default = jsonValue(field.default);
  if (field.desc !== undefined) more.description = field.desc;
  // Beside a reference pydantic leaves the referenced type's own title.
  if (!("$ref" in schema)) more.title = title(("alias" in field && field.alias) || field.name);
  return { ...schema, ...more };
}

/** `due_date` -> `Due Date`: pydantic's `name.title().replace('_', ' ').strip()`. */
function title(name: string): string {
  return name
    .replace(/\p{L}+/gu, (word) => word[0]!.toUpperCase() + word.slice(1).toLowerCase())
    .replaceAll("_", " ")
    .trim();
}

function typeSchema(type: TypeSpec | "ellipsis", scope: Scope): Schema {
  if (typeof type === "string") return { ...ATOMS[type] };
  switch (type.kind) {
    case "literal":
      return membersSchema(type.values);
    case "union":
      return { anyOf: type.members.map((member) => typeSchema(member, scope)) };
    case "class":
      if (!CLASSES[type.name]) scope.known = false;
      return { ...CLASSES[type.name] };
    case "enum":
      scope.defs.set(type.name, { ...membersSchema(type.members.map(([, value]) => value)), title: type.name });
      return { $ref: `#/$defs/${type.name}` };
    case "ref":
      return { $ref: `#/$defs/${type.name}` };
    case "model":
      return modelSchema(type, scope);
    case "slot":
      scope.known = false;
      return {};
    case "generic":
      return genericSchema(type.of, type.args, scope);
  }
}

function modelSchema(type: ModelType, scope: Scope): Schema {
  if (!scope.defs.has(type.name)) {
    scope.defs.set(type.name, {});
    scope.defs.set(type.name, objectSchema(type.fields, type.name, type.doc, scope));
  }
  return { $ref: `#/$defs/${type.name}` };
}

function genericSchema(of: string, args: readonly (TypeSpec | "ellipsis")[], scope: Scope): Schema {
  const [first = "any", second = "any"] = args;
  switch (containerKind(of)) {
    case "array":
      return { items: typeSchema(first, scope), type: "array" };
    case "set":
      return { items: typeSchema(first, scope), type: "array", uniqueItems: true };
    case "record": {
      const keys = typeof first === "object" ? typeSchema(first, scope) : {};
      return {
        additionalProperties: second === "any" ? true : typeSchema(second, scope),
        ...("enum" in keys || "const" in keys ? { propertyNames: omitType(keys) } : {}),
        type: "object",
      };
    }
    case "tuple":
      if (second === "ellipsis") return { items: typeSchema(first, scope), type: "array" };
      return { maxItems: args.length, minItems: args.length, prefixItems: args.map((arg) => typeSchema(arg, scope)), type: "array" };
    default:
      scope.known = false;
      return {};
  }
}

const omitType = ({ type: _, ...rest }: Schema): Schema => rest;

function membersSchema(values: readonly Constant[]): Schema {
  const plain = values.map(jsonValue);
  const types = new Set(
    plain.map((value) =>
      value === null ? "null" : typeof value === "number" ? (Number.isInteger(value) ? "integer" : "number") : typeof value,
    ),
  );
  const [type] = types;
  const named = types.size === 1 ? { type } : {};
  return plain.length === 1 ? { const: plain[0], ...named } : { enum: plain, ...named };
}

/** Where a constraint lands depends on what the type's schema is; in an Optional it lands on the member that is not null. */
function constrained(schema: Schema, constraints: Constraints): Schema {
  const entries = Object.entries(constraints);
  if (entries.length === 0) return schema;
  if (Array.isArray(schema.anyOf))
    return { ...schema, anyOf: schema.anyOf.map((member: Schema) => (member.type === "null" ? member : constrained(member, constraints))) };
  const size = schema.type === "array" ? "Items" : schema.type === "object" ? "Properties" : "Length";
  const out: Schema = { ...schema };
  for (const [name, bound] of entries) {
    const key = (
      {
        gt: "exclusiveMinimum",
        ge: "minimum",
        lt: "exclusiveMaximum",
        le: "maximum",
        multiple_of: "multipleOf",
        min_length: `min${size}`,
        max_length: `max${size}`,
        pattern: "pattern",
      } as Record<string, string>
    )[name];
    if (key) out[key] = jsonValue(bound);
  }
  return out;
}

function jsonValue(value: Constant): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(jsonValue);
  if ("float" in value) return Number(value.float);
  if ("int" in value) return Number(value.int);
  if ("repr" in value) return value.repr;
  return Object.fromEntries(
    (value as { dict: readonly (readonly [Constant, Constant])[] }).dict.map(([key, item]) => [String(jsonValue(key)), jsonValue(item)]),
  );
}

/** pydantic sorts every object's keys, but not properties, definitions' bodies apart, and not defaults. */
function sorted(value: unknown, keep = false): unknown {
  if (Array.isArray(value)) return value.map((item) => sorted(item));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  const ordered = keep ? entries : entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    ordered.map(([key, item]) => [key, key === "default" && !keep ? item : sorted(item, key === "properties" && !keep)]),
  );
}

const ATOMS: Readonly<Record<string, Schema>> = {
  str: { type: "string" },
  int: { type: "integer" },
  float: { type: "number" },
  bool: { type: "boolean" },
  none: { type: "null" },
  bytes: { format: "binary", type: "string" },
  bytearray: { format: "binary", type: "string" },
  complex: { type: "string" },
  list: { items: {}, type: "array" },
  tuple: { items: {}, type: "array" },
  dict: { additionalProperties: true, type: "object" },
  set: { items: {}, type: "array", uniqueItems: true },
  frozenset: { items: {}, type: "array", uniqueItems: true },
};

const CLASSES: Readonly<Record<string, Schema>> = {
  "datetime.datetime": { format: "date-time", type: "string" },
  "datetime.date": { format: "date", type: "string" },
  "datetime.time": { format: "time", type: "string" },
  "datetime.timedelta": { format: "duration", type: "string" },
  "uuid.UUID": { format: "uuid", type: "string" },
  "decimal.Decimal": { anyOf: [{ type: "number" }, { pattern: "^(?!^[-+.]*$)[+-]?0*\\d*\\.?\\d*$", type: "string" }] },
};

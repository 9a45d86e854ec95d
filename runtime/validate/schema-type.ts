/**
 * A `${schema}` hole as a type of the language: the schema's JSON Schema read back as a TypeSpec, once, when the
 * signature is defined. So prompts, parsers and the Python route know nothing of zod and its kin.
 */
import { ConfigurationError } from "../errors.ts";
import type { Constant, Constraints, ModelField, TypeSpec } from "../spec.ts";
import type { StandardSchema } from "./slot.ts";

type Json = { readonly [key: string]: any };

/** Standard JSON Schema: how zod 4 and arktype give theirs. */
interface WithJsonSchema {
  readonly jsonSchema?: { readonly input: (options: { readonly target: string }) => Json };
}

/** `text` is the hole's expression; it names a schema that has no title: `InvoiceSchema` makes `Invoice`. */
export function typeOfSchema(schema: StandardSchema, text: string): TypeSpec {
  const standard = (schema as Partial<StandardSchema> | null | undefined)?.["~standard"] as
    | (StandardSchema["~standard"] & WithJsonSchema)
    | undefined;
  if (!standard) {
    throw new ConfigurationError("config_invalid", `The hole \${${text}} does not hold a Standard Schema.`, {
      configKey: text,
      expected: "a Standard Schema, such as z.object({...})",
      actual: schema === undefined ? "undefined (is its module still loading?)" : typeof schema,
    });
  }
  if (!standard.jsonSchema) {
    throw new ConfigurationError("config_invalid", `The ${standard.vendor} schema in \${${text}} cannot describe itself as JSON Schema.`, {
      configKey: text,
      expected: "a schema with ~standard.jsonSchema",
      actual: standard.vendor,
      remedy:
        standard.vendor === "valibot"
          ? "Wrap it: toStandardJsonSchema(schema), from @valibot/to-json-schema."
          : "Use a version of the library that implements Standard JSON Schema.",
    });
  }
  const root = standard.jsonSchema.input({ target: "draft-2020-12" });
  return read(root, className(text.replace(/^.*[.]/, "").replace(/schema$/i, "")) || "Model", { root, open: [] });
}

interface Scope {
  readonly root: Json;
  /** Pointers being read: a schema that comes back to itself is a `ref`. */
  readonly open: readonly { readonly pointer: string; readonly name: string }[];
}

function read(schema: Json | boolean, name: string, scope: Scope): TypeSpec {
  if (typeof schema === "boolean") return "any";
  if (schema.$ref) return follow(schema.$ref, name, scope);
  if ("const" in schema) return { kind: "literal", values: [schema.const as Constant] };
  if (Array.isArray(schema.enum)) return { kind: "literal", values: schema.enum };
  const choices = (schema.anyOf ?? schema.oneOf) as readonly Json[] | undefined;
  if (choices)
    return {
      kind: "union",
      members: choices.map((choice, i) =>
        read(choice, choices.length === 2 && choices.some((c) => c.type === "null") ? name : `${name}${i + 1}`, scope),
      ),
    };
  if (Array.isArray(schema.type))
    return { kind: "union", members: schema.type.map((type: string) => read({ ...schema, type }, name, scope)) };
  if (schema.allOf?.length === 1) return read(schema.allOf[0], name, scope);
  switch (schema.type) {
    case "string":
      return "str";
    case "integer":
      return "int";
    case "number":
      return "float";
    case "boolean":
      return "bool";
    case "null":
      return "none";
    case "array":
      if (schema.prefixItems)
        return {
          kind: "generic",
          of: "tuple",
          args: schema.prefixItems.map((item: Json, i: number) => read(item, `${name}${i + 1}`, scope)),
        };
      return schema.items && schema.items !== true ? { kind: "generic", of: "list", args: [read(schema.items, name, scope)] } : "list";
    case "object":
      return readObject(schema, name, scope);
    default:
      return "any";
  }
}

function follow(pointer: string, name: string, scope: Scope): TypeSpec {
  const open = scope.open.find((entry) => entry.pointer === pointer);
  if (open) return { kind: "ref", name: open.name };
  const parts = pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  const target = parts.reduce<Json | undefined>((at, part) => at?.[part], scope.root);
  if (!target) return "any";
  const own = target.title ?? (parts.length ? parts.at(-1) : name);
  const named = className(/^(__)?schema\d*$/.test(own) ? name : own) || name;
  return read(target, named, { ...scope, open: [...scope.open, { pointer, name: named }] });
}

function readObject(schema: Json, name: string, scope: Scope): TypeSpec {
  if (!schema.properties) {
    const values = schema.additionalProperties;
    return typeof values === "object" ? { kind: "generic", of: "dict", args: ["str", read(values, name, scope)] } : "dict";
  }
  const title = className(schema.title ?? "") || name;
  const inner = scope.open.length === 0 ? { ...scope, open: [{ pointer: "#", name: title }] } : scope;
  const required: readonly string[] = schema.required ?? [];
  const fields = Object.entries(schema.properties as Json).map(([key, property]): ModelField => {
    const type = read(property, className(key) || "Model", inner);
    const constraints = constraintsOf(property);
    const common = { name: key, ...(property.description ? { desc: property.description } : {}), ...(constraints ? { constraints } : {}) };
    if (property.default !== undefined) return { ...common, type, default: property.default };
    return required.includes(key) ? { ...common, type } : { ...common, type: optional(type), default: null };
  });
  return { kind: "model", name: title, ...(schema.description ? { doc: schema.description } : {}), fields };
}

function optional(type: TypeSpec): TypeSpec {
  if (typeof type === "object" && type.kind === "union")
    return type.members.includes("none") ? type : { kind: "union", members: [...type.members, "none"] };
  return type === "any" || type === "none" ? type : { kind: "union", members: [type, "none"] };
}

const CONSTRAINTS: readonly (readonly [string, keyof Constraints])[] = [
  ["exclusiveMinimum", "gt"],
  ["minimum", "ge"],
  ["exclusiveMaximum", "lt"],
  ["maximum", "le"],
  ["multipleOf", "multiple_of"],
  ["minLength", "min_length"],
  ["maxLength", "max_length"],
  ["minItems", "min_length"],
  ["maxItems", "max_length"],
  ["pattern", "pattern"],
];

/** The bounds of a JavaScript integer say nothing a reader of the prompt needs. */
function constraintsOf(schema: Json): Constraints | undefined {
  // A tuple's length is its type's.
  const counted = schema.prefixItems === undefined;
  const found = CONSTRAINTS.filter(
    ([key]) => schema[key] !== undefined && (counted || !key.endsWith("Items")) && Math.abs(schema[key]) !== Number.MAX_SAFE_INTEGER,
  );
  return found.length ? Object.fromEntries(found.map(([key, name]) => [name, schema[key]])) : undefined;
}

/** `line_items` and `lineItems` make `LineItems`; what is no name makes none. */
function className(text: string): string {
  const words = text.split(/[^\p{L}\p{N}]+|(?<=\p{Ll})(?=\p{Lu})/u).filter(Boolean);
  const name = words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join("");
  return /^\p{L}/u.test(name) ? name : "";
}

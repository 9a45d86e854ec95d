/** The `response_format` JSONAdapter asks for, where the endpoint knows it (dspy-semantics 2.5). */
import type { LMSupports } from "../lm/lm.ts";
import type { TypeSpec } from "../spec.ts";
import { object, pydanticOrder, schemaOf, titleOf } from "./json-schema.ts";
import type { Layout } from "./layout.ts";
import type { Dict, PyValue } from "./python/value.ts";
import { lastName } from "./type-name.ts";
import { constantValue } from "./values/constant.ts";
import { plain } from "./values/host.ts";
import { toPython } from "./values/python.ts";
import { serialize } from "./values/serialize.ts";

/** Undefined: nothing is sent. `native` tells whether tool calls would come by the endpoint's own way. */
export function responseFormat(layout: Layout, supports: LMSupports, native: boolean): unknown {
  if (!supports.responseFormat) return undefined;
  const open = layout.outputs.some(({ type }) => isDictOf(type) || (!native && isToolCalls(type)));
  if (open || !supports.responseSchema) return { type: "json_object" };
  return { type: "json_schema", json_schema: { name: "DSPyProgramOutputs", strict: true, schema: plain(outputsSchema(layout, native)) } };
}

/** `dict[...]` and nothing else: DSPy looks at the outermost type only. */
const isDictOf = (type: TypeSpec): boolean =>
  typeof type === "object" && type.kind === "generic" && lastName(type.of).toLowerCase() === "dict";
const isToolCalls = (type: TypeSpec): boolean => typeof type === "object" && type.kind === "class" && type.name === "dspy.ToolCalls";

function outputsSchema(layout: Layout, native: boolean): PyValue {
  const properties: Dict = new Map();
  const definitions: Dict = new Map();
  for (const { name, type, default: given } of layout.outputs) {
    if (native && isToolCalls(type)) continue;
    const schema = new Map(schemaOf({ kind: "generic", of: "list", args: [type] }));
    for (const [key, body] of (schema.get("$defs") as Dict | undefined) ?? []) definitions.set(key, body);
    const own = new Map(schema.get("items") as Dict);
    if (!own.has("$ref") && !own.has("title") && !refersOnly(own)) own.set("title", titleOf(name));
    if (given !== undefined) own.set("default", serialize(toPython(constantValue(given), type)));
    properties.set(name, own);
  }
  const required = layout.outputs.filter(({ name, default: given }) => given === undefined && properties.has(name)).map(({ name }) => name);
  const schema = object(
    ["additionalProperties", false],
    ["properties", properties],
    // pydantic's own list, whose place in the order the whole one takes.
    required.length > 0 ? ["required", required] : undefined,
    ["title", "DSPyProgramOutputs"],
    ["type", "object"],
    definitions.size > 0 ? ["$defs", definitions] : undefined,
  );
  const ordered = pydanticOrder(schema) as Dict;
  close(ordered);
  return strict(ordered, (ordered.get("$defs") as Dict | undefined) ?? new Map());
}

/** Optional of a reference has no title. */
const refersOnly = (schema: Dict): boolean => {
  const any = schema.get("anyOf");
  return (
    Array.isArray(any) &&
    any.length === 2 &&
    any[0] instanceof Map &&
    any[0].has("$ref") &&
    any[1] instanceof Map &&
    any[1].get("type") === "null"
  );
};

/** Every object lists all its properties as required and allows no others. */
function close(schema: PyValue): void {
  if (!(schema instanceof Map)) return;
  if (schema.get("type") === "object") {
    const properties = (schema.get("properties") as Dict | undefined) ?? new Map();
    schema
      .set("properties", properties)
      .set("required", [...properties.keys()])
      .set("additionalProperties", false);
    for (const property of properties.values()) close(property);
  }
  if (schema.get("type") === "array") close(schema.get("items") ?? null);
  for (const body of ((schema.get("$defs") as Dict | undefined) ?? new Map()).values()) close(body);
}

/** A model inside itself by way of a described reference would never end; Python fails there. */
const DEEPEST = 64;

/**
 * What OpenAI's strict mode takes, as its own SDK makes it: no default of None, and a reference that has something said
 * beside it is written out.
 */
function strict(schema: PyValue, definitions: Dict, depth = 0): PyValue {
  if (!(schema instanceof Map) || depth > DEEPEST) return schema;
  const deeper = (inner: PyValue): PyValue => strict(inner, definitions, depth + 1);
  const each = (inner: PyValue): PyValue =>
    inner instanceof Map ? new Map([...inner].map(([name, body]) => [name, deeper(body)])) : inner;
  let out: Dict = new Map(schema);
  for (const key of ["$defs", "properties"]) if (out.has(key)) out.set(key, each(out.get(key)!));
  if (out.has("items")) out.set("items", deeper(out.get("items")!));
  const any = out.get("anyOf");
  if (Array.isArray(any)) out.set("anyOf", any.map(deeper));
  if (out.get("default") === null) out.delete("default");
  const reference = out.get("$ref");
  if (typeof reference === "string" && out.size > 1) {
    out.delete("$ref");
    out = new Map([...(deeper(definitions.get(reference.slice("#/$defs/".length)) ?? null) as Dict), ...out]);
  }
  return out;
}

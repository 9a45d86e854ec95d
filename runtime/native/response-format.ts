/** The `response_format` JSONAdapter asks for, where the endpoint knows it (dspy-semantics 2.5). */
import type { LMSupports } from "../lm/lm.ts";
import type { TypeSpec } from "../spec.ts";
import { object, pydanticOrder, schemaOf, titleOf } from "./json-schema.ts";
import type { Layout } from "./layout.ts";
import type { Dict, PyValue } from "./python/value.ts";
import { lastName } from "./type-name.ts";
import { plain } from "./values/host.ts";

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
  for (const { name, type } of layout.outputs) {
    if (native && isToolCalls(type)) continue;
    const schema = new Map(schemaOf({ kind: "generic", of: "list", args: [type] }));
    for (const [key, body] of (schema.get("$defs") as Dict | undefined) ?? []) definitions.set(key, body);
    const own = new Map(schema.get("items") as Dict);
    if (!own.has("$ref") && !refersOnly(own)) own.set("title", titleOf(name));
    properties.set(name, own);
  }
  const schema = object(
    ["additionalProperties", false],
    ["properties", properties],
    ["required", [...properties.keys()]],
    ["title", "DSPyProgramOutputs"],
    ["type", "object"],
    definitions.size > 0 ? ["$defs", definitions] : undefined,
  );
  const ordered = pydanticOrder(schema) as Dict;
  close(ordered);
  return ordered;
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

/** Every object lists all its properties as required and allows no others; defaults of None go (OpenAI refuses them). */
function close(schema: PyValue): void {
  if (!(schema instanceof Map)) return;
  if (schema.get("type") === "object") {
    const properties = (schema.get("properties") as Dict | undefined) ?? new Map();
    schema
      .set("properties", properties)
      .set("required", [...properties.keys()])
      .set("additionalProperties", false);
    for (const property of properties.values()) {
      close(property);
      if (property instanceof Map && property.get("default") === null) property.delete("default");
    }
  }
  if (schema.get("type") === "array") close(schema.get("items") ?? null);
  for (const body of ((schema.get("$defs") as Dict | undefined) ?? new Map()).values()) close(body);
}

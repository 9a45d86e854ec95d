/** The part of JSON Schema that tools' parameters use, with jsonschema's own words for what is wrong. */
import { repr } from "./python/repr.ts";
import { toPython } from "./values/python.ts";

type Schema = Readonly<Record<string, unknown>>;
const show = (value: unknown): string => repr(toPython(value));

/** The first thing wrong, or undefined. */
export function checkSchema(schema: Schema, value: unknown): string | undefined {
  const types = typeof schema.type === "string" ? [schema.type] : (schema.type as readonly string[] | undefined);
  if (types && !types.some((type) => isType(type, value)))
    return `${show(value)} is not of type ${types.map((type) => `'${type}'`).join(", ")}`;
  const choices = schema.enum as readonly unknown[] | undefined;
  if (choices && !choices.some((choice) => same(choice, value))) return `${show(value)} is not one of ${show(choices)}`;
  if ("const" in schema && !same(schema.const, value)) return `${show(schema.const)} was expected`;
  const any = schema.anyOf as readonly Schema[] | undefined;
  if (any?.every((choice) => checkSchema(choice, value) !== undefined)) return `${show(value)} is not valid under any of the given schemas`;
  if (typeof value === "number") return numberProblem(schema, value);
  if (typeof value === "string") return textProblem(schema, value);
  if (Array.isArray(value)) return listProblem(schema, value);
  return typeof value === "object" && value !== null ? objectProblem(schema, value as Schema) : undefined;
}

function isType(type: string, value: unknown): boolean {
  switch (type) {
    case "string":
      return typeof value === "string";
    case "integer":
      return typeof value === "number" && Number.isInteger(value);
    case "number":
      return typeof value === "number";
    case "boolean":
      return typeof value === "boolean";
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    default:
      return true;
  }
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

function numberProblem(schema: Schema, value: number): string | undefined {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema as Record<string, number | undefined>;
  if (minimum !== undefined && value < minimum) return `${show(value)} is less than the minimum of ${show(minimum)}`;
  if (exclusiveMinimum !== undefined && value <= exclusiveMinimum)
    return `${show(value)} is less than or equal to the minimum of ${show(exclusiveMinimum)}`;
  if (maximum !== undefined && value > maximum) return `${show(value)} is greater than the maximum of ${show(maximum)}`;
  if (exclusiveMaximum !== undefined && value >= exclusiveMaximum)
    return `${show(value)} is greater than or equal to the maximum of ${show(exclusiveMaximum)}`;
  return multipleOf !== undefined && value % multipleOf !== 0 ? `${show(value)} is not a multiple of ${show(multipleOf)}` : undefined;
}

function textProblem(schema: Schema, value: string): string | undefined {
  const { minLength, maxLength, pattern } = schema as { minLength?: number; maxLength?: number; pattern?: string };
  const length = [...value].length;
  if (minLength !== undefined && length < minLength)
    return minLength === 1 ? `${show(value)} should be non-empty` : `${show(value)} is too short`;
  if (maxLength !== undefined && length > maxLength) return `${show(value)} is too long`;
  return pattern !== undefined && !new RegExp(pattern, "u").test(value) ? `${show(value)} does not match ${show(pattern)}` : undefined;
}

function listProblem(schema: Schema, value: readonly unknown[]): string | undefined {
  const { minItems, maxItems, items, prefixItems } = schema as {
    minItems?: number;
    maxItems?: number;
    items?: Schema;
    prefixItems?: readonly Schema[];
  };
  if (minItems !== undefined && value.length < minItems)
    return minItems === 1 ? `${show(value)} should be non-empty` : `${show(value)} is too short`;
  if (maxItems !== undefined && value.length > maxItems) return `${show(value)} is too long`;
  for (const [i, item] of value.entries()) {
    const own = prefixItems?.[i] ?? items;
    const problem = own && checkSchema(own, item);
    if (problem) return problem;
  }
  return undefined;
}

function objectProblem(schema: Schema, value: Schema): string | undefined {
  const {
    properties = {},
    required = [],
    additionalProperties,
  } = schema as { properties?: Record<string, Schema>; required?: readonly string[]; additionalProperties?: boolean | Schema };
  for (const name of required) if (!Object.hasOwn(value, name)) return `${show(name)} is a required property`;
  for (const [name, item] of Object.entries(value)) {
    const own = Object.hasOwn(properties, name)
      ? properties[name]
      : typeof additionalProperties === "object"
        ? additionalProperties
        : undefined;
    if (!own && additionalProperties === false) return `Additional properties are not allowed (${show(name)} was unexpected)`;
    const problem = own && checkSchema(own, item);
    if (problem) return problem;
  }
  return undefined;
}

/**
 * A JavaScript value as the Python value DSPy would be given: the declared type decides what 5 is (an int, or the float
 * 5.0), whether an object is a model, and whether an array is a tuple. A value that does not fit its type is taken for
 * what it looks like, as DSPy takes it.
 */
import type { ModelType, TypeSpec } from "../../spec.ts";
import type { Tool } from "../../tool.ts";
import { Float, History, Image } from "../../values.ts";
import { containerOf } from "../kind.ts";
import { asFloat, Instance, Member, PySet, type PyValue, Scalar, type ScalarClass, Tuple } from "../python/value.ts";
import { constantValue } from "./constant.ts";
import { toolValue } from "./tool.ts";
import { isPython, isRecord, refuseDeep, untyped } from "./untyped.ts";

export type Models = ReadonlyMap<string, ModelType>;
const NO_MODELS: Models = new Map();

export function toPython(value: unknown, type: TypeSpec = "any", models: Models = NO_MODELS, depth = 0): PyValue {
  refuseDeep(depth);
  if (value === null || value === undefined) return null;
  if (isPython(value)) return value;
  if (typeof type === "string") return atom(value, type, models, depth);
  switch (type.kind) {
    case "generic":
      return container(value, type.of, type.args, models, depth) ?? untyped(value, depth);
    case "union":
      return toPython(
        value,
        type.members.find((member) => fits(value, member, models)) ??
          type.members.find((member) => member === "float" && typeof value === "number") ??
          "any",
        models,
        depth,
      );
    case "enum": {
      // By value alone: a member's name is text like any other.
      const found = type.members.find(([, own]) => own === value);
      return found ? new Member(type, found[0], found[1]) : untyped(value, depth);
    }
    case "model":
      return model(value, type, models, depth);
    case "ref": {
      const found = models.get(type.name);
      return found ? model(value, found, models, depth) : untyped(value, depth);
    }
    case "class":
      return classValue(value, type.name, depth);
    default:
      return untyped(value, depth);
  }
}

function atom(value: unknown, type: string, models: Models, depth: number): PyValue {
  if (type === "float" && typeof value === "number") return asFloat(value);
  return container(value, type, [], models, depth) ?? untyped(value, depth);
}

function container(
  value: unknown,
  of: string,
  args: readonly (TypeSpec | "ellipsis")[],
  models: Models,
  depth: number,
): PyValue | undefined {
  const kind = containerOf(of);
  if (!kind) return undefined;
  const arg = (index: number): TypeSpec => (args[index] === undefined || args[index] === "ellipsis" ? "any" : (args[index] as TypeSpec));
  const items = Array.isArray(value) ? value : value instanceof Set ? [...value] : undefined;
  if (kind === "dict" || kind === "counter") {
    const entries = value instanceof Map ? [...value] : isRecord(value) ? Object.entries(value) : undefined;
    return (
      entries &&
      new Map(
        entries.map(([key, item]) => [
          typeof key === "string" ? key : toPython(key, "any", models, depth + 1),
          toPython(item, kind === "counter" ? "int" : arg(1), models, depth + 1),
        ]),
      )
    );
  }
  if (!items) return undefined;
  if (kind === "tuple") {
    const repeated = args[1] === "ellipsis";
    return new Tuple(items.map((item, i) => toPython(item, repeated ? arg(0) : arg(i), models, depth + 1)));
  }
  const each = items.map((item) => toPython(item, arg(0), models, depth + 1));
  return kind === "set" || kind === "frozenset" ? new PySet(each, kind === "frozenset") : each;
}

/** An object without a prototype is a dict and no model: a demo of a state file. */
function model(value: unknown, type: ModelType, outer: Models, depth: number): PyValue {
  const read =
    value instanceof Map
      ? (name: string) => value.get(name)
      : isRecord(value) && Object.getPrototypeOf(value) !== null
        ? (name: string) => (Object.hasOwn(value, name) ? value[name] : undefined)
        : undefined;
  if (!read) return untyped(value, depth);
  const models = new Map(outer).set(type.name, type);
  const values = new Map<string, PyValue>();
  for (const field of type.fields) {
    const given = read(field.name) ?? (field.alias === undefined ? undefined : read(field.alias));
    if (given !== undefined) values.set(field.name, toPython(given, field.type, models, depth + 1));
    else if (field.default !== undefined) values.set(field.name, toPython(constantValue(field.default), field.type, models, depth + 1));
    // Not such a model after all: an object prints as it is.
    else return untyped(value, depth);
  }
  return new Instance(type.name, values);
}

const TEXTS: Readonly<Record<string, ScalarClass>> = {
  "datetime.date": "date",
  "datetime.datetime": "datetime",
  "datetime.time": "time",
  "datetime.timedelta": "timedelta",
  "decimal.Decimal": "Decimal",
  "uuid.UUID": "UUID",
};

/** Python prints one in small letters; other text in its place stays as it is. */
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const isTool = (value: unknown): value is Tool =>
  typeof value === "object" && value !== null && "run" in value && "parameters" in value && Array.isArray(value.parameters);

function classValue(value: unknown, name: string, depth: number): PyValue {
  if (name === "dspy.Tool" && isTool(value)) return toolValue(value);
  const text = TEXTS[name];
  if (text && (typeof value === "string" || (text === "Decimal" && typeof value === "number")))
    return new Scalar(text, UUID.test(String(value)) ? String(value).toLowerCase() : String(value));
  if (typeof value === "string") {
    if (name === "dspy.Code") return new Instance(name, new Map([["code", value]]));
    if (name === "dspy.Reasoning") return new Instance(name, new Map([["content", value]]));
  }
  if (
    isRecord(value) &&
    (name === "dspy.Code" ||
      name === "dspy.Reasoning" ||
      name === "dspy.Audio" ||
      name === "dspy.File" ||
      name === "dspy.ToolCalls" ||
      name === "dspy.Image" ||
      name === "dspy.Tool")
  )
    return new Instance(name, new Map(Object.entries(value).map(([key, item]) => [key, untyped(item, depth + 1)])));
  return container(value, name, [], NO_MODELS, depth) ?? untyped(value, depth);
}

/** Whether a value is of a type without being read as something else. */
function fits(value: unknown, type: TypeSpec, models: Models): boolean {
  if (value === null || value === undefined) return type === "none";
  if (type === "str") return typeof value === "string";
  if (type === "int") return typeof value === "bigint" || (typeof value === "number" && Number.isInteger(value));
  if (type === "float") return value instanceof Float || (typeof value === "number" && !Number.isInteger(value));
  if (type === "bool") return typeof value === "boolean";
  if (type === "none") return false;
  if (type === "any" || type === "object") return true;
  if (typeof type === "string" || type.kind === "generic") {
    const name = typeof type === "string" ? type : type.of;
    const kind = containerOf(name);
    if (kind === "dict" || kind === "counter") return isRecord(value) || value instanceof Map;
    if (kind === "set" || kind === "frozenset") return value instanceof Set;
    if (kind && !Array.isArray(value)) return false;
    if (kind && typeof type === "object" && type.args[0] !== undefined && type.args[0] !== "ellipsis" && type.args[1] === undefined)
      return (value as unknown[]).every(
        (item) => fits(item, type.args[0] as TypeSpec, models) || (type.args[0] === "float" && typeof item === "number"),
      );
    return kind !== undefined || (name.startsWith("byte") && value instanceof Uint8Array);
  }
  switch (type.kind) {
    case "literal":
      return type.values.some((member) => member === value);
    case "enum":
      return type.members.some(([, own]) => own === value);
    case "union":
      return type.members.some((member) => fits(value, member, models));
    case "ref":
    case "model": {
      const found = type.kind === "model" ? type : models.get(type.name);
      return (
        found !== undefined &&
        isRecord(value) &&
        found.fields.every((field) => field.name in value || (field.alias ?? "") in value || field.default !== undefined)
      );
    }
    case "class":
      if (type.name === "dspy.Image") return value instanceof Image;
      if (type.name === "dspy.History") return value instanceof History;
      if (type.name === "datetime.datetime") return value instanceof Date;
      return type.name in TEXTS || type.name.startsWith("dspy.") ? typeof value === "string" || isRecord(value) : false;
    default:
      return true;
  }
}

/** A parse row: the same values, types included, or a failure on both sides. */
import { parse as parseCompletion } from "../../runtime/native/adapters/full.ts";
import { ParseError } from "../../runtime/native/parse-error.ts";
import { floatRepr } from "../../runtime/native/python/float.ts";
import { repr, str } from "../../runtime/native/python/repr.ts";
import {
  asInt,
  Bytes,
  Float,
  Instance,
  isFloat,
  Member,
  PySet,
  type PyValue,
  Scalar,
  Secret,
  Tuple,
} from "../../runtime/native/python/value.ts";
import { type Json, JsonNumber, plainJson } from "./json.ts";
import { layoutOfRow, type ParseSignature } from "./layout.ts";
import { adapterOf, firstDifference } from "./prompts.ts";

export function parseRow(row: Record<string, Json>, parse: ParseSignature): string | undefined {
  const layout = layoutOfRow(row, parse);
  let values: Record<string, PyValue>;
  try {
    values = parseCompletion(adapterOf(row), layout, String(row.completion));
  } catch (error) {
    if (!(error instanceof ParseError)) return `threw ${String(error)}`;
    return row.ok === false ? undefined : `failed: ${error.message}`;
  }
  if (row.ok === false) return `expected a failure, received ${JSON.stringify(marked(values as never))}`;
  const expected = Object.entries(plainTree(row.result!) as Record<string, unknown>).sort();
  const actual = Object.entries(values)
    .map(([name, value]) => [name, marked(value)])
    .sort();
  const types = Object.entries(values)
    .map(([name, value]) => [name, typeOf(value)])
    .sort();
  return (
    firstDifference(expected, actual) ??
    (row.result_types ? firstDifference(Object.entries(plainJson(row.result_types) as object).sort(), types) : undefined) ??
    (row.result_key_order ? firstDifference(plainJson(row.result_key_order), Object.keys(values)) : undefined)
  );
}

/** The corpus writes what JSON has no word for with markers; a float keeps its spelling apart from an int's. */
function marked(value: PyValue): unknown {
  if (typeof value === "bigint") return { $int: value.toString() };
  if (isFloat(value)) {
    const number = Number(value instanceof Float ? value.value : value);
    return Number.isFinite(number) ? number : { $float: floatRepr(number) };
  }
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(marked);
  if (value instanceof Tuple) return { $tuple: value.items.map(marked) };
  if (value instanceof PySet) return { $set: sorted([...value.items].map(marked)) };
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, item]) => [key instanceof Member ? String(key.value) : str(key), marked(item)]));
  if (value instanceof Bytes) return { $bytes: new TextDecoder().decode(value.data) };
  if (value instanceof Member) return { $enum: value.type.name, name: value.name, value: value.value };
  if (value instanceof Instance)
    return {
      $model: value.of.replace(/^dspy\./, ""),
      value: Object.fromEntries([...value.values].map(([key, item]) => [key, marked(item)])),
    };
  if (value instanceof Scalar && (value.of === "date" || value.of === "datetime"))
    return { [`$${value.of}`]: value.text.replace(/Z$/, "+00:00") };
  if (value instanceof Scalar && value.of === "ByteSize") return marked(asInt(BigInt(value.text)));
  if (value instanceof Scalar && value.of === "PaymentCardNumber") return value.text;
  return { $repr: repr(value) };
}

/** A set has no order: its items stand by what they are written as. */
const sorted = (items: readonly unknown[]): unknown[] => [...items].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

const plainTree = (value: Json): unknown => {
  if (value instanceof JsonNumber) return Number(value.text);
  if (Array.isArray(value)) return value.map(plainTree);
  if (value instanceof Map)
    return value.has("$set")
      ? { $set: sorted((value.get("$set") as readonly Json[]).map(plainTree)) }
      : Object.fromEntries([...value].map(([key, item]) => [key, plainTree(item)]));
  return value;
};

/** `list<int|str>`, `Person`: the corpus's names of a value's type and what is in it. */
function typeOf(value: PyValue): string {
  const of = (name: string, items: readonly PyValue[]): string => `${name}<${[...new Set(items.map(typeOf))].sort().join("|")}>`;
  if (value === null) return "NoneType";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "string") return "str";
  if (isFloat(value)) return "float";
  if (typeof value === "number" || typeof value === "bigint") return "int";
  if (Array.isArray(value)) return of("list", value);
  if (value instanceof Map) return of("dict", [...value.values()]);
  if (value instanceof Tuple) return of("tuple", value.items);
  if (value instanceof PySet) return of(value.frozen ? "frozenset" : "set", value.items);
  if (value instanceof Bytes) return "bytes";
  if (value instanceof Member) return value.type.name;
  if (value instanceof Instance) return value.of.replace(/^dspy\./, "");
  return value instanceof Scalar || value instanceof Secret ? value.of : "object";
}

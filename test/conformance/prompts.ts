/** A prompt row: the adapter's messages, byte for byte. */
import { format } from "../../runtime/native/adapters/full.ts";
import { Float, type PyValue } from "../../runtime/native/python/value.ts";
import type { AdapterName } from "../../runtime/router/engine.ts";
import { History, Image } from "../../runtime/values.ts";
import { type Json, JsonNumber, plainJson, record } from "./json.ts";
import { layoutOfRow, type ParseSignature } from "./layout.ts";

export const adapterOf = (row: Record<string, Json>): AdapterName =>
  String(row.adapter).replace("Adapter", "").toLowerCase() as AdapterName;

export function promptRow(row: Record<string, Json>, parse: ParseSignature): string | undefined {
  let messages: unknown;
  try {
    const demos = (row.demos as readonly Json[]).map(values);
    messages = format(adapterOf(row), layoutOfRow(row, parse), demos, values(row.inputs!));
  } catch (error) {
    return row.ok === false ? undefined : `threw ${String(error)}`;
  }
  if (row.ok === false) return "expected an error";
  return firstDifference(plainJson(row.messages!), messages);
}

const values = (json: Json): Record<string, unknown> =>
  Object.fromEntries(Object.entries(record(json)).map(([name, value]) => [name, host(value)]));

/** An int as a bigint, so that nothing takes it for a float; a dict as a map, so that its keys keep their order. */
function host(value: Json): unknown {
  if (value instanceof JsonNumber) return /[.eEn]|Inf/.test(value.text) ? new Float(Number(value.text)) : BigInt(value.text);
  if (Array.isArray(value)) return value.map(host);
  if (!(value instanceof Map)) return value;
  if (value.has("$history")) return new History((value.get("$history") as readonly Json[]).map(values));
  if (value.has("$image")) return new Image(String(value.get("$image")));
  return new Map<string, unknown>([...value].map(([key, item]) => [key, host(item)])) as unknown as PyValue;
}

export function firstDifference(expected: unknown, actual: unknown): string | undefined {
  if (JSON.stringify(expected) === JSON.stringify(actual)) return undefined;
  const [a, b] = [JSON.stringify(expected), JSON.stringify(actual) ?? "undefined"];
  let i = 0;
  while (a[i] === b[i]) i++;
  return `at ${i}: expected ...${a.slice(Math.max(0, i - 60), i + 100)} received ...${b.slice(Math.max(0, i - 60), i + 100)}`;
}

/** `json.dumps(..., ensure_ascii=False)`, for values already in JSON's own types (see values/serialize.ts). */

import { floatRepr } from "./float.ts";
import { codePointOrder } from "./order.ts";
import { Float, type PyValue } from "./value.ts";

/**
 * A string literal. JSON.stringify escapes what Python does, in the same spelling, and one thing more: a surrogate
 * that stands alone, which Python writes as it is.
 */
function quote(text: string): string {
  const quoted = JSON.stringify(text);
  return /\\ud[89a-f]/.test(quoted)
    ? quoted.replace(
        /(?<!\\)((?:\\\\)*)\\u(d[89a-f][0-9a-f]{2})/g,
        (_, slashes: string, hex: string) => slashes + String.fromCharCode(Number.parseInt(hex, 16)),
      )
    : quoted;
}

function number(value: number | bigint | Float): string {
  if (value instanceof Float) return special(floatRepr(value.value));
  return typeof value === "bigint" || Number.isInteger(value) ? BigInt(value).toString() : special(floatRepr(value));
}
const special = (text: string): string => (text === "nan" ? "NaN" : text === "inf" ? "Infinity" : text === "-inf" ? "-Infinity" : text);

/** `indent` as in Python: absent means one line with `", "` and `": "`. */
export function dumps(value: PyValue, indent?: number, level = 0): string {
  if (value === null) return "null";
  if (typeof value === "string") return quote(value);
  if (typeof value === "boolean") return value ? "true" : "false";
  if (typeof value === "number" || typeof value === "bigint" || value instanceof Float) return number(value);
  if (!(Array.isArray(value) || value instanceof Map)) throw new TypeError("not in JSON's types");
  const parts = Array.isArray(value)
    ? value.map((item: PyValue) => dumps(item, indent, level + 1))
    : [...(value as ReadonlyMap<PyValue, PyValue>)].map(([key, item]) => `${quote(String(key))}: ${dumps(item, indent, level + 1)}`);
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  if (parts.length === 0) return `${open}${close}`;
  if (indent === undefined) return `${open}${parts.join(", ")}${close}`;
  const margin = `\n${" ".repeat(indent * (level + 1))}`;
  return `${open}${margin}${parts.join(`,${margin}`)}\n${" ".repeat(indent * level)}${close}`;
}

/** Plain JSON data with every object's keys sorted, `type` first: how DSPy prints a JSON Schema (dspy-semantics 2.2). */
export function sortedKeys(value: PyValue): PyValue {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (!(value instanceof Map)) return value;
  const keys = [...value.keys()] as string[];
  keys.sort((a, b) => Number(a !== "type") - Number(b !== "type") || codePointOrder(a, b));
  return new Map(keys.map((key) => [key, sortedKeys(value.get(key)!)]));
}

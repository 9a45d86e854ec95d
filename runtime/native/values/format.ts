/** `format_field_value`: a value as a prompt shows it (dspy-semantics 3.1). */
import { dumps } from "../python/json.ts";
import { repr, str } from "../python/repr.ts";
import type { PyValue } from "../python/value.ts";
import { serialize } from "./serialize.ts";

export function formatValue(value: PyValue, declaredStr: boolean): string {
  if (declaredStr && Array.isArray(value)) return passages(value);
  const plain = serialize(value);
  return Array.isArray(plain) || plain instanceof Map ? dumps(plain) : str(plain);
}

/** A list where a `str` is declared: retrieved passages, each in guillemets, numbered when there are several. */
function passages(items: readonly PyValue[]): string {
  if (items.length === 0) return "N/A";
  if (items.length === 1) return passage(items[0]!);
  return items.map((item, i) => `[${i + 1}] ${passage(item)}`).join("\n");
}

function passage(item: PyValue): string {
  const text = typeof item === "string" ? item : repr(item);
  return /[\n«»]/.test(text) ? `«««\n    ${text.replaceAll("\n", "\n    ")}\n»»»` : `«${text}»`;
}

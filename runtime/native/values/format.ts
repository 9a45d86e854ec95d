/** `format_field_value`: a value as a prompt shows it (dspy-semantics 3.1). */
import { SignatureError } from "../../errors.ts";
import { dumps } from "../python/json.ts";
import { repr, str } from "../python/repr.ts";
import { Instance, PySet, type PyValue, Tuple } from "../python/value.ts";
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

/** DSPy looks for a line end inside every item, which Python does in text and containers and in nothing else. */
function passage(item: PyValue): string {
  if (!isContainer(item))
    throw new SignatureError("input_invalid", `A list in a field of type str holds ${repr(item)}, which is no text.`, {
      remedy: "Pass a list of strings, or declare the field as list.",
    });
  const text = str(item);
  return /[\n«»]/.test(text) ? `«««\n    ${text.replaceAll("\n", "\n    ")}\n»»»` : `«${text}»`;
}

const isContainer = (item: PyValue): boolean =>
  typeof item === "string" ||
  Array.isArray(item) ||
  item instanceof Map ||
  item instanceof Tuple ||
  item instanceof PySet ||
  item instanceof Instance;

/**
 * `json_repair.loads` 0.64.6, by behaviour: valid JSON is read as Python's json reads it, anything else is repaired with
 * that library's guesses, wrong ones included, because DSPy's answers depend on them. An empty string means failure.
 * Checked against the package by differential fuzzing (test/runtime/native/json-repair.differential.test.ts).
 */
import { JsonError, loads } from "../python/json-loads.ts";
import { truthy, typeName } from "../python/truth.ts";
import type { PyValue } from "../python/value.ts";
import { blank, Cursor, RepairError } from "./cursor.ts";
import { readValue } from "./value.ts";

export { RepairError };

export function repairLoads(text: string): PyValue {
  try {
    return loads(text);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    return topLevel(new Cursor(text));
  }
}

/** One value, or a list of those that follow one another; a later object of the same shape is an update of the former. */
function topLevel(cursor: Cursor): PyValue {
  const first = readValue(cursor);
  if (cursor.index >= cursor.length) return first;
  const values = [first];
  while (cursor.index < cursor.length) {
    cursor.clear();
    const comma = commaSeparated(cursor);
    const value = readValue(cursor);
    if (!truthy(value)) {
      cursor.index++;
      continue;
    }
    const last = values.at(-1)!;
    if ((!comma && sameShape(last, value)) || !truthy(last)) values.pop();
    values.push(value);
  }
  return values.length === 1 ? values[0]! : values;
}

function commaSeparated(cursor: Cursor): boolean {
  if (cursor.at(cursor.scroll()) === ",") return true;
  let index = cursor.index - 1;
  while (index >= 0 && blank(cursor.chars[index]!)) index--;
  return index >= 0 && cursor.chars[index] === ",";
}

/** Equal types all the way down, whatever the values. */
function sameShape(a: PyValue, b: PyValue): boolean {
  if (typeName(a) !== typeName(b)) return false;
  if (a instanceof Map && b instanceof Map)
    return a.size === b.size && [...a].every(([key, value]) => b.has(key) && sameShape(value, b.get(key)!));
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((value, i) => sameShape(value, b[i]!));
  return true;
}

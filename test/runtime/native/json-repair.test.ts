import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { RepairError, repairLoads } from "../../../runtime/native/json-repair/index.ts";
import { floatRepr } from "../../../runtime/native/python/float.ts";
import { repr } from "../../../runtime/native/python/repr.ts";
import { Float, type PyValue } from "../../../runtime/native/python/value.ts";

/** The fixtures' spelling: ints `$i`, floats `$f`, objects `$d` as pairs. */
function spelled(value: PyValue): unknown {
  if (typeof value === "bigint" || (typeof value === "number" && Number.isInteger(value))) return { $i: String(value) };
  if (typeof value === "number") return { $f: floatRepr(value) };
  if (value instanceof Float) return { $f: floatRepr(value.value) };
  if (Array.isArray(value)) return value.map(spelled);
  if (value instanceof Map) return { $d: [...value].map(([key, item]) => [key, spelled(item)]) };
  return value;
}

test("800 broken texts are repaired as json_repair 0.64.6 repairs them", () => {
  const lines = readFileSync(new URL("fixtures/json-repair.jsonl", import.meta.url), "utf8")
    .trim()
    .split("\n");
  expect(lines).toHaveLength(800);
  for (const line of lines) {
    const { t: text, v: value, e: error } = JSON.parse(line) as { t: string; v: unknown; e?: string };
    if (error) expect(() => repairLoads(text), text).toThrow();
    else expect(spelled(repairLoads(text)), text).toEqual(value);
  }
});

test.each([
  ["{a:1}", "{'a': 1}"],
  ['{"a" 1}', "{'a': ''}"],
  ['{"a"}', "['a']"],
  ["{1,2}", "[1, 2]"],
  ["(1,2)", "[1, 2]"],
  ['{"a": tru}', "{'a': 'tru'}"],
  ['{"a":}', "{'a': ''}"],
  ['{"a": "He said "hi" ok", "b": 2}', `{'a': 'He said "hi" ok', 'b': 2}`],
  ["1,000", "''"],
  ["hello", "''"],
  ["[[ ## a ## ]]", "[[]]"],
  ['{"a":00012}', "{'a': 12}"],
  ['{"a":1}{"b":2}', "[{'a': 1}, {'b': 2}]"],
  ['{"a":1}\n{"a":2}', "{'a': 2}"],
  ["```json\n[1]\n```", "[1]"],
  ['"a": 1}', "{'a': 1}"],
])("%s", (text, expected) => expect(repr(repairLoads(text))).toBe(expected));

test.each([
  ["quotes without end", '{"a": "'.repeat(20_000)],
  ["brackets without end", "[".repeat(200_000)],
  ["braces and commas", '{"a": [1, {"b": "x, '.repeat(10_000)],
  ["backslashes", `{"a": "${"\\".repeat(100_000)}`],
  ["duplicate keys in lists", `[{"a": 1 ${'"a": 2 '.repeat(20_000)}`],
  ["commas in a string that never ends", `{"a": "${"x, ".repeat(200_000)}`],
  ["low quotes", `{"a": "${"„".repeat(100_000)}`],
  ["ten megabytes of prose", "lorem ipsum (dolor) sit, ".repeat(400_000)],
])("hostile text ends in time: %s", (_, text) => {
  const began = performance.now();
  try {
    repairLoads(text);
  } catch (error) {
    expect(error).toBeInstanceOf(RepairError);
  }
  expect(performance.now() - began).toBeLessThan(8000);
});

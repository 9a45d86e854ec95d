/**
 * New random cases against the packages themselves, where an environment with DSPy exists (`npx dspexc python sync`).
 * DSPEX_SEED makes a failing run again; DSPEX_CASES makes it longer.
 */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { compileText } from "../../../../compiler/compile.ts";
import { nativeEngine } from "../../../../runtime/native/engine.ts";
import { repairLoads } from "../../../../runtime/native/json-repair/index.ts";
import { floatRepr } from "../../../../runtime/native/python/float.ts";
import { literalEval, Unhashable } from "../../../../runtime/native/python/literal-eval.ts";
import { codePointOrder } from "../../../../runtime/native/python/order.ts";
import { repr } from "../../../../runtime/native/python/repr.ts";
import { Bytes, Float, PySet, type PyValue, Tuple } from "../../../../runtime/native/python/value.ts";
import { responseFormat } from "../../../../runtime/native/response-format.ts";
import { environmentPlaces, projectDir } from "../../../../runtime/python/env/places.ts";
import type { AdapterName } from "../../../../runtime/router/engine.ts";
import type { Tool } from "../../../../runtime/tool.ts";
import { plainJson, readJson, record } from "../../../conformance/json.ts";
import { layoutOfRow } from "../../../conformance/layout.ts";
import { parseRow } from "../../../conformance/parses.ts";
import { promptRow } from "../../../conformance/prompts.ts";
import { namedTypeRow } from "../named-types.ts";
import { callOf, scriptedLM, signatureOf } from "../scripted.ts";

const { interpreter } = environmentPlaces(projectDir());
const here = fileURLToPath(new URL(".", import.meta.url));
const parseSignature = (text: string) => compileText(text).value?.spec;
const seed = process.env.DSPEX_SEED ?? "20261123";
const times = Number(process.env.DSPEX_CASES ?? 1);

function python(script: string, args: readonly string[], input = ""): string {
  const env = { ...process.env, LITELLM_LOCAL_MODEL_COST_MAP: "True", PYTHONUTF8: "1", PYTHONDONTWRITEBYTECODE: "1" };
  return execFileSync(interpreter, [`${here}${script}`, ...args], {
    env,
    input,
    encoding: "utf8",
    maxBuffer: 1 << 28,
    stdio: ["pipe", "pipe", "pipe"],
  });
}

const lines = (script: string, count: number): string[] =>
  python(script, [seed, String(count * times)])
    .trim()
    .split("\n");

function spelled(value: PyValue): unknown {
  if (typeof value === "bigint" || (typeof value === "number" && Number.isInteger(value))) return { $i: String(value) };
  if (typeof value === "number") return { $f: floatRepr(value) };
  if (value instanceof Float) return { $f: floatRepr(value.value) };
  if (Array.isArray(value)) return value.map(spelled);
  if (value instanceof Map) return { $d: [...value].map(([key, item]) => [key, spelled(item)]) };
  return value;
}

/** As literals.py spells it: a set in the order of its members' spellings. */
function literalSpelled(value: PyValue): unknown {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (value instanceof Bytes) return { $b: [...value.data] };
  if (Array.isArray(value)) return value.map(literalSpelled);
  if (value instanceof Tuple) return { $t: value.items.map(literalSpelled) };
  if (value instanceof PySet) return { $s: value.items.map(repr).sort(codePointOrder) };
  if (value instanceof Map) return { $d: [...value].map(([key, item]) => [literalSpelled(key), literalSpelled(item)]) };
  return { $r: repr(value) };
}

function literalOf(text: string): unknown {
  try {
    const read = literalEval(text);
    return read === undefined ? "no literal" : literalSpelled(read);
  } catch (error) {
    if (error instanceof Unhashable) return "no literal";
    throw error;
  }
}

describe.skipIf(!existsSync(interpreter))("beside real DSPy (skipped where no environment with it exists)", () => {
  test("json_repair", () => {
    const rows = lines("repairs.py", 4000);
    expect(rows.length).toBeGreaterThan(3900);
    for (const line of rows) {
      const { t: text, v: value, e: error } = JSON.parse(line) as { t: string; v: unknown; e?: string };
      if (error) expect(() => repairLoads(text), text).toThrow();
      else expect(spelled(repairLoads(text)), text).toEqual(value);
    }
  }, 60_000);

  test("Python literals", () => {
    const rows = lines("literals.py", 4000);
    expect(rows.length).toBeGreaterThan(3900);
    for (const line of rows) {
      const { t: text, v: value, e: error } = JSON.parse(line) as { t: string; v: unknown; e?: string };
      expect(literalOf(text), text).toEqual(error ? "no literal" : value);
    }
  }, 60_000);

  test("adapters' parse", () => {
    const rows = lines("parses.py", 500).map((line) => record(readJson(line)));
    expect(rows.length).toBeGreaterThan(1000);
    expect(rows.flatMap((row) => parseRow(row, () => undefined) ?? [])).toEqual([]);
  }, 60_000);

  test("types that only a signature's text can name: accepted where DSPy accepts them, shown and read alike", () => {
    const rows = lines("named_types.py", 400).map((line) => record(readJson(line)));
    expect(rows.length).toBeGreaterThan(1500);
    expect(rows.flatMap((row) => namedTypeRow(row, parseSignature) ?? [])).toEqual([]);
  }, 60_000);

  test("adapters' format", () => {
    const rows = lines("prompts.py", 250).map((line) => record(readJson(line)));
    expect(rows.length).toBeGreaterThan(400);
    expect(rows.flatMap((row) => promptRow(row, () => undefined) ?? [])).toEqual([]);
  }, 60_000);

  test("adapters' parse of several fields over random models, in the state models leave them", () => {
    const rows = lines("wide_parses.py", 150).map((line) => record(readJson(line)));
    expect(rows.length).toBeGreaterThan(400);
    expect(rows.flatMap((row) => parseRow(row, () => undefined) ?? [])).toEqual([]);
  }, 60_000);

  test("adapters' format of descriptions, constraints, defaults, demos and histories over random models", () => {
    const rows = lines("wide_prompts.py", 150).map((line) => record(readJson(line)));
    expect(rows.length).toBeGreaterThan(150);
    expect(rows.flatMap((row) => promptRow(row, () => undefined) ?? [])).toEqual([]);
  }, 60_000);

  test("JSONAdapter's response_format", () => {
    const rows = lines("formats.py", 200).map((line) => record(readJson(line)));
    expect(rows.length).toBeGreaterThan(120);
    for (const row of rows) {
      const layout = layoutOfRow({ ...row, module: "Predict", instructions: null }, () => undefined);
      const asked = responseFormat(layout, { responseFormat: true, responseSchema: true }, true) as { json_schema: { schema: unknown } };
      expect(JSON.stringify(asked.json_schema.schema)).toBe(JSON.stringify(plainJson(row.schema!)));
    }
  }, 60_000);

  const turn = (name: string, args: unknown): string =>
    `[[ ## next_thought ## ]]\nthink\n\n[[ ## next_tool_name ## ]]\n${name}\n\n[[ ## next_tool_args ## ]]\n${JSON.stringify(args)}\n\n[[ ## completed ## ]]`;
  const json = (name: string, args: unknown): string =>
    JSON.stringify({ next_thought: "think", next_tool_name: name, next_tool_args: args });
  const xml = (name: string, args: Record<string, string | number>): string =>
    `<next_thought>think</next_thought><next_tool_name>${name}</next_tool_name><next_tool_args>${Object.entries(args)
      .map(([key, value]) => `<${key}>${value}</${key}>`)
      .join("")}</next_tool_args>`;
  const answer = {
    chat: "[[ ## reasoning ## ]]\nr\n\n[[ ## answer ## ]]\n4\n\n[[ ## completed ## ]]",
    json: '{"reasoning": "r", "answer": 4}',
    xml: "<reasoning>r</reasoning><answer>4</answer>",
  };
  const tools: Tool[] = [
    {
      name: "search",
      description: "Search the notes.\n    Returns hits.",
      parameters: [
        { name: "query", schema: { type: "string" }, required: true },
        { name: "k", schema: { type: "integer" }, required: false, default: 3 },
      ],
      run: ({ query, k = 3 }: { query: string; k?: number }) => [`hit ${query}`, `${k} more\nlines`],
    },
    {
      name: "total",
      description: null,
      parameters: [{ name: "numbers", schema: { items: { type: "number" }, type: "array" }, required: true }],
      run: ({ numbers }: { numbers: number[] }) => numbers.reduce((a, b) => a + b, 0),
    },
  ];

  test.each<[AdapterName, string, readonly string[], number]>([
    ["chat", "", [turn("search", { query: "x" }), turn("total", { numbers: [1.5, 2] }), turn("finish", {}), answer.chat], 20],
    ["chat", "Look it up.\n  Then add.", [turn("search", { query: "x", k: 1 }), turn("search", { query: "y" }), answer.chat], 2],
    ["chat", "", ["not readable", json("finish", {}), answer.chat], 20],
    ["json", "", [json("search", { query: "x" }), json("finish", {}), answer.json], 20],
    ["xml", "", [xml("search", { query: "x" }), xml("finish", {}), answer.xml], 20],
  ])(
    "ReAct through %s, instructions %j",
    async (adapter, instructions, replies, maxIters) => {
      const signature = signatureOf([{ name: "question", type: "str" }], [{ name: "answer", type: "int" }], instructions || undefined);
      const inputs = { question: "how many?" };
      const real = JSON.parse(
        python("react.py", [], JSON.stringify({ signature: "question -> answer: int", instructions, inputs, replies, adapter, maxIters })),
      ) as { requests: unknown[]; outputs: Record<string, unknown> };
      const lm = scriptedLM(replies);
      const { outputs } = await nativeEngine.execute(
        callOf(lm, { kind: "react", signature, inputs, tools, adapter, settings: { maxIters } }),
      );
      expect(lm.requests.map(({ messages }) => messages)).toEqual(real.requests);
      expect(outputs).toEqual(real.outputs);
    },
    60_000,
  );
});

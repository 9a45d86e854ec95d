import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { compileText } from "../../../compiler/compile.ts";
import { sections } from "../../../runtime/native/adapters/chat.ts";
import { nativeEngine } from "../../../runtime/native/engine.ts";
import { parseOutputs } from "../../../runtime/native/full.ts";
import type { Layout } from "../../../runtime/native/layout.ts";
import { ParseError } from "../../../runtime/native/parse-error.ts";
import { strip } from "../../../runtime/native/python/whitespace.ts";
import { ChatReader } from "../../../runtime/native/stream/chat.ts";
import type { AdapterName, EngineEvent } from "../../../runtime/router/engine.ts";
import { type Json, readJson, record } from "../../conformance/json.ts";
import { layoutOfRow } from "../../conformance/layout.ts";
import { adapterOf } from "../../conformance/prompts.ts";
import { callOf, QA, scriptedLM, signatureOf } from "./scripted.ts";

/** The public rows, and the recorded random ones; of an empty completion the engine says more than an adapter. */
const rows = ["../../conformance/rows/parses.jsonl", "fixtures/parses.jsonl"].flatMap((file) =>
  readFileSync(new URL(file, import.meta.url), "utf8")
    .trim()
    .split("\n")
    .map((line) => record(readJson(line)))
    .filter(({ completion }) => completion !== ""),
);
const layoutOf = (row: Record<string, Json>): Layout => layoutOfRow(row, (text) => compileText(text).value?.spec);

interface Streamed {
  readonly values: Record<string, unknown> | undefined;
  readonly error: unknown;
  readonly deltas: Record<string, string>;
  readonly partials: Record<string, unknown>;
}

/** What a listener is left with: a reset drops what came. */
async function collect(events: AsyncIterable<EngineEvent>): Promise<Streamed> {
  let deltas: Record<string, string> = {};
  let partials: Record<string, unknown> = {};
  try {
    for await (const event of events) {
      if (event.type === "reset") [deltas, partials] = [{}, {}];
      else if (event.type === "delta") deltas[event.field] = (deltas[event.field] ?? "") + event.text;
      else if (event.type === "partial" && event.done) partials[event.field] = event.value;
      else if (event.type === "done") return { values: event.result.outputs, error: undefined, deltas, partials };
    }
    return { values: undefined, error: "no end", deltas, partials };
  } catch (error) {
    return { values: undefined, error, deltas, partials };
  }
}

function streamRow(layout: Layout, adapter: AdapterName, completion: string, cuts: readonly number[]): Promise<Streamed> {
  const pieces = cuts.map((cut, i) => completion.slice(i === 0 ? 0 : cuts[i - 1], cut));
  let asked = 0;
  const lm = scriptedLM([], {
    async *stream() {
      // The fallback's question stays without an answer.
      if (asked++ > 0) yield { text: "no" };
      else for (const text of [...pieces, completion.slice(cuts.at(-1) ?? 0)]) yield { text };
    },
  });
  const call = callOf(lm, { signature: signatureOf(layout.inputs, layout.outputs), adapter });
  return collect(nativeEngine.stream(call));
}

test("every row, in any chunking, gives the value of the whole text, and deltas that join to it", async () => {
  for (const row of rows) {
    const layout = layoutOf(row);
    const adapter = adapterOf(row);
    const completion = String(row.completion);
    let whole: Record<string, unknown> | undefined;
    try {
      whole = parseOutputs(adapter, layout, completion, "Test");
    } catch {
      // The stream has to fail too.
    }
    const chunkings = fc.array(fc.nat(completion.length), { maxLength: 12 }).map((cuts) => cuts.sort((a, b) => a - b));
    await fc.assert(
      fc.asyncProperty(chunkings, async (cuts) => {
        const streamed = await streamRow(layout, adapter, completion, cuts);
        expect(streamed.values, String(row.id)).toEqual(whole);
        if (!whole) expect(streamed.error, String(row.id)).toBeDefined();
        else {
          expect(streamed.partials).toEqual(whole);
          for (const { name, type } of layout.outputs)
            if (type === "str") expect(streamed.deltas[name] ?? "", String(row.id)).toBe(whole[name]);
        }
      }),
      { numRuns: 4 },
    );
  }
}, 120_000);

const line = fc.constantFrom(
  "[[ ## a ## ]]",
  "  [[ ## b ## ]] rest",
  "[[ ## c ## ]]",
  "[[ ## a ##",
  "[[ ## ",
  "text",
  "  two  ",
  "",
  "\t",
  "[[ ## a ## ]]x",
  "é日 𝐀",
  "[[ ## a b ## ]]",
  "]]",
);
const ending = fc.constantFrom("\n", "\r\n", "\r", "\u2028", "\v", "\x1c", "\x85", "");
const text = fc.array(fc.tuple(line, ending), { maxLength: 14 }).map((parts) => parts.flat().join(""));

test("ChatReader finds the sections that the whole-text reader finds, character by character too", () => {
  fc.assert(
    fc.property(text, fc.array(fc.nat(80), { maxLength: 20 }), (whole, cuts) => {
      const fields = new Set(["a", "b", "𝐀"]);
      const expected: Record<string, string> = {};
      for (const [name, value] of sections(whole)) if (fields.has(name) && !(name in expected)) expected[name] = value;
      for (const points of [
        [...cuts].filter((cut) => cut < whole.length).sort((a, b) => a - b),
        Array.from({ length: whole.length }, (_, i) => i),
      ]) {
        const found: Record<string, string> = {};
        const sink = {
          begin(field: string) {
            found[field] = "";
          },
          text(field: string, piece: string) {
            found[field] += piece;
          },
          close() {},
        };
        const reader = new ChatReader(fields, sink);
        [...points, whole.length].forEach((cut, i, all) => void reader.feed(whole.slice(i === 0 ? 0 : all[i - 1], cut)));
        reader.end();
        expect(found).toEqual(expected);
        for (const value of Object.values(found)) expect(strip(value)).toBe(value);
      }
    }),
    { numRuns: 1500 },
  );
});

test("a list's partial values grow while it arrives", async () => {
  const items = Array.from({ length: 200 }, (_, i) => `item ${i}`);
  const signature = signatureOf([{ name: "q", type: "str" }], [{ name: "items", type: { kind: "generic", of: "list", args: ["str"] } }]);
  const lm = scriptedLM([`[[ ## items ## ]]\n${JSON.stringify(items)}\n\n[[ ## completed ## ]]`], { size: 16 });
  const lengths: number[] = [];
  for await (const event of nativeEngine.stream(callOf(lm, { signature, inputs: { q: "?" } })))
    if (event.type === "partial") lengths.push((event.value as string[]).length);
  expect(lengths.length).toBeGreaterThan(5);
  expect(lengths).toEqual([...lengths].sort((a, b) => a - b));
  expect(lengths.at(-1)).toBe(200);
});

test("a reply that showed nothing is asked for again as JSON, with a reset; one that showed something is an error", async () => {
  const silent = scriptedLM(["I think it is four.", '{"answer": 4}']);
  const events: EngineEvent[] = [];
  for await (const event of nativeEngine.stream(callOf(silent))) events.push(event);
  expect(events.map(({ type }) => type)).toEqual(["reset", "delta", "partial", "done"]);
  expect(events.at(-1)).toMatchObject({
    result: { outputs: { answer: 4 }, exchanges: [{ adapter: "chat", failed: expect.any(String) }, { adapter: "json" }] },
  });

  const shown = scriptedLM(["[[ ## answer ## ]]\nfour", '{"answer": 4}']);
  await expect(async () => {
    for await (const _ of nativeEngine.stream(callOf(shown)));
  }).rejects.toMatchObject({ code: "completion_unparsable", field: "answer" });
  expect(shown.requests).toHaveLength(1);
});

test("a reader that leaves stops the model's stream", async () => {
  let ended = false;
  const lm = scriptedLM([], {
    async *stream() {
      try {
        yield { text: "[[ ## answer ## ]]\n" };
        for (;;) yield { text: "1" };
      } finally {
        ended = true;
      }
    },
  });
  for await (const event of nativeEngine.stream(
    callOf(lm, { signature: signatureOf([{ name: "question", type: "str" }], [{ name: "answer", type: "str" }]) }),
  ))
    if (event.type === "delta") break;
  expect(ended).toBe(true);
});

test("four times the text takes about four times the time, not sixteen", async () => {
  const signature = signatureOf([{ name: "q", type: "str" }], [{ name: "answer", type: "str" }]);
  const time = async (size: number): Promise<number> => {
    const body = "lorem ipsum dolor [[ sit ]] amet\n".repeat(size / 33);
    // Processor time: what else the machine does is not ours.
    const began = process.cpuUsage();
    for await (const _ of nativeEngine.stream(
      callOf(scriptedLM([`[[ ## answer ## ]]\n${body}`], { size: 8 }), { signature, inputs: { q: "?" } }),
    ));
    return process.cpuUsage(began).user;
  };
  const least = async (size: number): Promise<number> => Math.min(await time(size), await time(size), await time(size));
  await time(520_000);
  expect((await least(520_000)) / (await least(130_000))).toBeLessThan(9);
}, 30_000);

test("QA is what the other tests think it is", () => {
  expect(QA.outputs.map(({ name, type }) => [name, type])).toEqual([["answer", "int"]]);
  expect(() => parseOutputs("chat", { instructions: "", inputs: [], outputs: [{ name: "answer", type: "int" }] }, "", "Test")).toThrow(
    ParseError,
  );
});

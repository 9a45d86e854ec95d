/** Streams take the steps of a plain call, tell when they begin again, and stop when their reader leaves. */
import { beforeEach, expect, test } from "vitest";
import { scripted } from "../../../runtime/lm/testing.ts";
import type { StreamEvent } from "../../../runtime/module-types.ts";
import { predict } from "../../../runtime/modules/predict.ts";
import { registerEngine } from "../../../runtime/router/engines.ts";
import { plainEngine } from "./plain-engine.ts";
import { QA, Triage } from "./signatures.ts";

beforeEach(() => registerEngine(plainEngine("native")));
async function all(stream: AsyncIterable<StreamEvent>): Promise<StreamEvent[]> {
  const events: StreamEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

test("deltas, then the same prediction as the plain call", async () => {
  const lm = scripted([{ chunks: ['{"ans', 'wer":"a b"}'] }]);
  const events = await all(predict(QA, { lm }).stream({ question: "?" }));
  expect(events.map(({ type }) => type)).toEqual(["delta", "delta", "done"]);
  const last = events.at(-1) as Extract<StreamEvent, { type: "done" }>;
  expect(last.prediction).toEqual({ answer: "a b" });
  expect(last.prediction.meta.route).toBe("native");
});

test("wrong inputs are told at the first step", async () => {
  await expect(all(predict(QA).stream({} as never))).rejects.toMatchObject({ code: "input_invalid" });
});

test("a cut stream throws; a fallback resets", async () => {
  const cut = () => scripted([{ chunks: ["{"], finishReason: null }]);
  await expect(all(predict(QA, { lm: cut() }).stream({ question: "?" }))).rejects.toMatchObject({ code: "stream_truncated" });
  const events = await all(predict(QA, { lm: cut(), fallback: { lm: [scripted(['{"answer":"b"}'])] } }).stream({ question: "?" }));
  expect(events.map(({ type }) => type)).toEqual(["delta", "reset", "delta", "done"]);
});

test("a repair resets", async () => {
  const lm = scripted(['{"label":"x","confidence":1}', '{"label":"bug","confidence":1}']);
  const events = await all(predict(Triage, { lm, repair: 1 }).stream({ message: "m" }));
  expect(events.map(({ type }) => type)).toEqual(["delta", "reset", "delta", "done"]);
});

test("leaving early aborts the model's request", async () => {
  let signal: AbortSignal | undefined;
  const lm = scripted((request) => {
    signal = request.signal;
    return { chunks: ["a", "b", "c"] };
  });
  for await (const event of predict(QA, { lm }).stream({ question: "?" })) {
    expect(event).toEqual({ type: "delta", field: "answer", text: "a" });
    break;
  }
  expect(signal!.aborted).toBe(true);
  expect(signal!.reason).toMatchObject({ code: "cancelled" });
});

test("a stream that stalls ends at its deadline", async () => {
  const lm = {
    ...scripted([]),
    async *stream() {
      yield { text: "a" };
      await new Promise(() => {});
    },
  };
  const seen: StreamEvent[] = [];
  const read = async () => {
    for await (const event of predict(QA, { lm }).stream({ question: "?" }, { timeout: 30 })) seen.push(event);
  };
  await expect(read()).rejects.toMatchObject({ code: "timeout", where: "lm" });
  expect(seen).toHaveLength(1);
});

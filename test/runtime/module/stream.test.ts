/** Streams take the steps of a plain call, tell when they begin again, and stop when their reader leaves. */
import { beforeEach, expect, test } from "vitest";
import { scripted } from "../../../runtime/lm/testing.ts";
import type { StreamEvent } from "../../../runtime/module-types.ts";
import { predict } from "../../../runtime/modules/predict.ts";
import { nativeEngine } from "../../../runtime/native/engine.ts";
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

/** A model that tells one chunk and then never answers; it notes that it was let go. */
function stalling() {
  let chunk: object | undefined = { value: { text: "a" }, done: false };
  const seen = { left: false };
  const stream = () => ({
    next: async () => {
      const next = chunk;
      chunk = undefined;
      return next ?? new Promise(() => {});
    },
    return: async () => {
      seen.left = true;
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  });
  return { lm: { ...scripted([]), stream } as never, seen };
}
const native = () => registerEngine(nativeEngine);

test("reads that do not wait for one another are answered in order, and the last ones say the end", async () => {
  native();
  const lm = scripted([{ chunks: ["[[ ## answer ## ]]\n", "a", "b", "c", "\n\n[[ ## completed ## ]]"] }]);
  const stream = predict(QA, { lm }).stream({ question: "?" });
  const results = await Promise.all(Array.from({ length: 12 }, () => stream.next()));
  const deltas = results.flatMap(({ value }) => (value?.type === "delta" ? [value.text] : []));
  expect(deltas.join("")).toBe("abc");
  expect(results.map(({ done }) => done).join()).toMatch(/^(false,)+true(,true)*$/);
  expect(results.findLast(({ done }) => !done)?.value).toMatchObject({ type: "done", prediction: { answer: "abc" } });
});

test("leaving while a read waits on a silent model ends that read and lets the model go", async () => {
  native();
  const { lm, seen } = stalling();
  const stream = predict(QA, { lm }).stream({ question: "?" });
  const read = stream.next();
  await new Promise((resolve) => setTimeout(resolve, 5));
  await stream.return();
  expect(await read).toEqual({ done: true, value: undefined });
  expect(await stream.next()).toEqual({ done: true, value: undefined });
  expect(seen.left).toBe(true);
});

test("a signal ends a waiting read, and the next read when none waits", async () => {
  native();
  const waiting = new AbortController();
  const one = predict(QA, { lm: stalling().lm }).stream({ question: "?" }, { signal: waiting.signal });
  const read = one.next();
  setTimeout(() => waiting.abort("enough"), 5);
  await expect(read).rejects.toMatchObject({ code: "cancelled", reason: "enough" });
  expect((await one.next()).done).toBe(true);

  const between = new AbortController();
  const lm = scripted([{ chunks: ["[[ ## answer ## ]]\n", "a", "b"] }]);
  const two = predict(QA, { lm }).stream({ question: "?" }, { signal: between.signal });
  await two.next();
  between.abort();
  await new Promise((resolve) => setTimeout(resolve, 5));
  await expect(two.next()).rejects.toMatchObject({ code: "cancelled" });
  expect((await two.next()).done).toBe(true);
});

test("a model is asked for a chunk only when its last one's events were taken", async () => {
  native();
  let given = 0;
  const lm = {
    ...scripted([]),
    async *stream() {
      for (const text of ["[[ ## answer ## ]]\n", "a", "b", "c"]) {
        given++;
        yield { text };
      }
    },
  };
  const stream = predict(QA, { lm }).stream({ question: "?" });
  expect((await stream.next()).value).toMatchObject({ type: "delta", text: "a" });
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(given).toBe(2);
  await stream.return();
});

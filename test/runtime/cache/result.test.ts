/** Results: the same call is answered once, a different one never by another's answer, and a store's faults stay its own. */
import { channel } from "node:diagnostics_channel";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { canonical } from "../../../runtime/cache/key.ts";
import { memoryStore } from "../../../runtime/cache/memory.ts";
import { createRuntime } from "../../../runtime/create-runtime.ts";
import { scripted } from "../../../runtime/lm/testing.ts";
import { predict } from "../../../runtime/modules/predict.ts";
import type { CacheStore } from "../../../runtime/options.ts";
import { registerEngine } from "../../../runtime/router/engines.ts";
import { float } from "../../../runtime/values.ts";
import { plainEngine } from "../module/plain-engine.ts";
import { QA, signatureOf } from "../module/signatures.ts";

beforeEach(() => registerEngine(plainEngine("native")));
const counting = () => scripted((_, index) => JSON.stringify({ answer: `${index}` }));

describe("a result", () => {
  test("is kept for the same program, model, settings and inputs", async () => {
    const lm = counting();
    const module = predict(QA, { lm, cache: {} });
    const first = await module({ question: "?" });
    const again = await module({ question: "?" });
    expect([first.answer, again.answer]).toEqual(["0", "0"]);
    expect(again.meta).toMatchObject({ cached: true, route: "native", attempts: [] });
    const others = [
      () => module({ question: "!" }),
      () => module({ question: "?" }, { config: { temperature: 1 } }),
      () => module({ question: "?" }, { config: { rolloutId: 1 } }),
      () => module({ question: "?" }, { adapter: "json" }),
      () => module.withDemos([{ question: "a", answer: "b" }])({ question: "?" }),
      () => module.withInstructions("Be brief.")({ question: "?" }),
      () => module({ question: "?" }, { lm: counting() }),
    ];
    for (const other of others) expect((await other()).meta.cached).toBe(false);
    expect((await module({ question: "?" })).meta.cached).toBe(true);
  });

  test("is not kept unless asked for, nor read or written under false", async () => {
    const lm = counting();
    const plain = predict(QA, { lm });
    expect([(await plain({ question: "?" })).answer, (await plain({ question: "?" })).answer]).toEqual(["0", "1"]);
    const module = createRuntime({ lm, cache: {} }).bind(predict(QA));
    await module({ question: "?" }, { cache: false });
    expect((await module({ question: "?" })).meta.cached).toBe(false);
    expect((await module({ question: "?" }, { cache: false })).meta.cached).toBe(false);
  });

  test("ends with its time to live", async () => {
    const module = predict(QA, { lm: counting(), cache: { ttl: 20 } });
    await module({ question: "?" });
    expect((await module({ question: "?" })).meta.cached).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect((await module({ question: "?" })).meta.cached).toBe(false);
  });

  test("a failure is not kept; a caller's change is not the next one's answer", async () => {
    const Lists = signatureOf(
      "Lists",
      [{ name: "q", type: "str" }],
      [{ name: "items", type: { kind: "generic", of: "list", args: ["str"] } }],
    );
    const module = predict(Lists, { lm: scripted(["no json", '{"items":["a"]}']), cache: {} });
    await expect(module({ q: "?" })).rejects.toThrow();
    const first = await module({ q: "?" });
    (first.items as string[]).push("mine");
    const second = await module({ q: "?" });
    expect(second.items).toEqual(["a"]);
    (second.items as string[]).push("mine");
    expect((await module({ q: "?" })).items).toEqual(["a"]);
  });

  test("streams read and write the same cache", async () => {
    const module = predict(QA, { lm: counting(), cache: {} });
    const types = async () => {
      const seen: string[] = [];
      for await (const { type } of module.stream({ question: "?" })) seen.push(type);
      return seen;
    };
    expect((await types()).at(-1)).toBe("done");
    expect(await types()).toEqual(["partial", "done"]);
    expect((await module({ question: "?" })).meta.cached).toBe(true);
  });
});

describe("a store of one's own", () => {
  test("gets short keys that are the same in every process, plain data and the ttl", async () => {
    const kept = new Map<string, unknown>();
    const seen: unknown[] = [];
    const store: CacheStore = {
      get: (key) => JSON.parse(JSON.stringify(kept.get(key) ?? null)) ?? undefined,
      set(key, value, ttl) {
        kept.set(key, value);
        seen.push([key, ttl]);
      },
    };
    const lm = { ...counting(), endpoint: "https://llm.example/v1", model: "m" };
    const module = predict(QA, { lm, cache: { store, ttl: "1m" } });
    await module({ question: "?" });
    expect((await module({ question: "?" })).meta.cached).toBe(true);
    expect(seen).toEqual([[expect.stringMatching(/^[0-9a-f]{64}$/), 60_000]]);
  });

  test("that fails or lies is an empty one", async () => {
    const lm = counting();
    const broken: CacheStore = { get: () => Promise.reject(new Error("down")), set: () => Promise.reject(new Error("down")) };
    expect((await predict(QA, { lm, cache: { store: broken } })({ question: "?" })).answer).toBe("0");
    for (const lie of [5, null, { outputs: 5 }, { outputs: { answer: 7 } }, { outputs: {} }])
      expect((await predict(QA, { lm, cache: { store: { get: () => lie, set: () => {} } } })({ question: "?" })).meta.cached).toBe(false);
  });
});

test("hits and misses are told, by the same key", async () => {
  const heard: { name: unknown; key: string }[] = [];
  const listener = (event: unknown, name: unknown) => void heard.push({ name, key: (event as { key: string }).key });
  const channels = [channel("dspex.cache.hit"), channel("dspex.cache.miss")];
  for (const each of channels) each.subscribe(listener);
  const module = predict(QA, { lm: counting(), cache: {} });
  await module({ question: "told" });
  await module({ question: "told" });
  await new Promise((resolve) => setTimeout(resolve, 10));
  for (const each of channels) each.unsubscribe(listener);
  expect(heard.map(({ name }) => name)).toEqual(["dspex.cache.miss", "dspex.cache.hit"]);
  expect(heard[0]!.key).toBe(heard[1]!.key);
});

test("the memory keeps the entries used last", () => {
  const store = memoryStore(2);
  store.set("a", 1, undefined);
  store.set("b", 2, undefined);
  store.get("a");
  store.set("c", 3, undefined);
  expect([store.get("a"), store.get("b"), store.get("c"), store.size]).toEqual([1, undefined, 3, 2]);
});

describe("the text of a value", () => {
  test("tells apart what JSON does not, and not what is the same", () => {
    const different = [
      5,
      "5",
      5n,
      float(5),
      null,
      undefined,
      Number.NaN,
      -0,
      0,
      "",
      [],
      {},
      [[]],
      ["", ""],
      [","],
      { a: 1 },
      { a: "1" },
      { b: 1 },
      new Date(5),
      new Set(["a"]),
      ["a"],
      new Map([["a", 1]]),
      new Uint8Array([5]),
      '5"x',
      { "a:1,b": 2 },
      { a: 1, b: 2 },
    ];
    expect(new Set(different.map(canonical)).size).toBe(different.length);
    expect(canonical({ a: 1, b: [2] })).toBe(canonical({ b: [2], a: 1 }));
    expect(canonical({ a: undefined })).toBe(canonical({}));
  });

  test("is the same exactly where the JSON is", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        const sorted = (value: unknown): string =>
          JSON.stringify(value, (_, item) =>
            item && typeof item === "object" && !Array.isArray(item)
              ? Object.fromEntries(Object.entries(item).sort(([x], [y]) => (x < y ? -1 : 1)))
              : Object.is(item, -0)
                ? "-0"
                : item,
          );
        return (canonical(a) === canonical(b)) === (sorted(a) === sorted(b));
      }),
    );
  });
});

/** Who runs what, why, and what is said when nobody can. */
import { channel } from "node:diagnostics_channel";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { scripted } from "../../../runtime/lm/testing.ts";
import { bestOfN } from "../../../runtime/modules/best-of-n.ts";
import { predict } from "../../../runtime/modules/predict.ts";
import { programOfThought } from "../../../runtime/modules/program-of-thought.ts";
import { python as pythonModule } from "../../../runtime/modules/python.ts";
import { registerEngine } from "../../../runtime/router/engines.ts";
import { compare } from "../../../runtime/router/verify.ts";
import { type PlainEngine, plainEngine } from "../module/plain-engine.ts";
import { QA, Triage } from "../module/signatures.ts";

const registry = (globalThis as { [key: symbol]: Map<string, unknown> })[Symbol.for("dspex.engines")]!;
let native: PlainEngine;
let python: PlainEngine;
beforeEach(() => {
  native = plainEngine("native");
  registerEngine(native);
  python = plainEngine("python");
  registerEngine(python);
});
afterEach(() => registry.clear());
const lm = () => scripted(['{"answer":"a"}'], { repeat: true });

describe("strategies", () => {
  test("hybrid is native where native says it is the same, Python with native's reason otherwise", async () => {
    expect(predict(QA).route()).toEqual({ route: "native", reason: expect.any(String), fallback: "python" });
    native.canExecute = () => "the type is not for here";
    expect(predict(QA).route()).toEqual({ route: "python", reason: "the type is not for here" });
    expect((await predict(QA, { lm: lm() })({ question: "?" })).meta).toMatchObject({
      route: "python",
      reason: "the type is not for here",
    });
  });

  test("native and python are what they say", async () => {
    expect((await predict(QA, { lm: lm(), route: "python" })({ question: "?" })).meta.route).toBe("python");
    expect((await predict(QA, { lm: lm(), route: "native" })({ question: "?" })).meta.route).toBe("native");
  });

  test("one of the user's own decides by program, adapter and what each side says", async () => {
    const asked: unknown[] = [];
    const route = {
      name: "mine",
      decide(question: object) {
        asked.push(question);
        return { route: "python", reason: "because" } as const;
      },
    };
    const out = await predict(QA, { lm: lm(), route, adapter: "xml" })({ question: "?" });
    expect(out.meta).toMatchObject({ route: "python", reason: "because" });
    expect(asked[0]).toMatchObject({ adapter: "xml", native: true, python: true, program: { kind: "predict" } });
    const wrong = { name: "wrong", decide: () => ({ route: "cloud", reason: "" }) as never };
    await expect(predict(QA, { lm: lm(), route: wrong })({ question: "?" })).rejects.toMatchObject({ code: "config_invalid" });
  });

  test("verify runs both, answers with native's and tells what differs", async () => {
    python.execute = async (call) => ({ ...(await plainEngine("python").execute(call)), outputs: { label: "bug", confidence: 0.25 } });
    const events: unknown[] = [];
    channel("dspex.router.verify").subscribe((event) => events.push(event));
    const model = scripted(['{"label":"bug","confidence":0.5}'], { repeat: true });
    const out = await predict(Triage, { lm: model, route: "verify" })({ message: "m" });
    expect(out.confidence).toBe(0.5);
    expect(out.meta.differences).toEqual([{ field: "confidence", native: 0.5, python: 0.25 }]);
    expect(events).toEqual([{ signature: "Triage", differences: out.meta.differences }]);
    expect(model.requests).toHaveLength(2);
    python.execute = async () => {
      throw new Error("no");
    };
    const second = await predict(Triage, { lm: model, route: "verify" })({ message: "m" });
    expect(second.meta.differences).toHaveLength(2);
  });
});

test("verify takes sets for equal whatever their order, and tells lists, bytes and dates apart by what is in them", () => {
  const differ = (mine: unknown, theirs: unknown) =>
    compare(
      QA,
      "native",
      { outputs: { answer: mine }, completions: [], exchanges: [] },
      {
        status: "fulfilled",
        value: { outputs: { answer: theirs }, completions: [], exchanges: [] },
      },
    ).length > 0;
  expect(differ(new Set(["a", "b", { c: [1] }]), new Set([{ c: [1] }, "b", "a"]))).toBe(false);
  expect(differ(new Set(["a", "b"]), new Set(["a", "c"]))).toBe(true);
  expect(differ(new Set(["a"]), ["a"])).toBe(true);
  expect(differ([1, 2], [2, 1])).toBe(true);
  expect(differ(Uint8Array.of(1, 2), Buffer.from([1, 2]))).toBe(false);
  expect(differ(new Date(5), new Date(6))).toBe(true);
  expect(differ({ a: Number.NaN, b: null }, { b: null, a: Number.NaN })).toBe(false);
});

describe("what cannot be", () => {
  beforeEach(() => void registry.delete("python"));

  test("Python asked for and not imported: the remedy is the import", async () => {
    await expect(predict(QA, { lm: lm(), route: "python" })({ question: "?" })).rejects.toMatchObject({
      name: "ConfigurationError",
      code: "route_impossible",
      configKey: "route",
      message: expect.stringContaining('import "dspex/python"'),
    });
    expect(() => predict(QA, { route: "python" }).route()).toThrow(/dspex\/python/);
  });

  test("a kind that only Python runs says so, and hybrid without Python means native", async () => {
    registry.delete("native");
    expect(predict(QA).route()).toEqual({ route: "native", reason: expect.any(String) });
    expect(() => programOfThought(QA).route()).toThrow(/programOfThought runs in Python only.*import "dspex\/python"/);
    expect(() => bestOfN(predict(QA), { n: 2, reward: () => 1, threshold: 1 }).route()).toThrow(/bestOfN/);
    expect(() => pythonModule("facts.Extract", { k: 3 }).route()).toThrow(/module/);
  });
});

test("every decision is an event with its reason", async () => {
  const events: { reason: string }[] = [];
  const listener = (event: unknown) => void events.push(event as { reason: string });
  channel("dspex.router.route").subscribe(listener);
  const failing = scripted([{ status: 401 }]);
  await predict(QA, { lm: failing, fallback: { lm: [lm()] } })({ question: "?" });
  channel("dspex.router.route").unsubscribe(listener);
  expect(events).toEqual([
    { signature: "QA", kind: "predict", strategy: "hybrid", route: "native", reason: expect.stringContaining("same result"), attempt: 1 },
    { signature: "QA", kind: "predict", strategy: "hybrid", route: "native", reason: "fallback after auth", attempt: 2 },
  ]);
});

/** Timeouts and signals: whatever the model does, the caller is let go in time, with a typed reason, and nothing is left behind. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { LMRequest } from "../../../runtime/lm/lm.ts";
import { scripted } from "../../../runtime/lm/testing.ts";
import { predict } from "../../../runtime/modules/predict.ts";
import { registerEngine } from "../../../runtime/router/engines.ts";
import { plainEngine } from "./plain-engine.ts";
import { QA } from "./signatures.ts";

const unhandled: unknown[] = [];
const heard = (reason: unknown) => void unhandled.push(reason);
beforeEach(() => {
  registerEngine(plainEngine("native"));
  process.on("unhandledRejection", heard);
});
afterEach(async () => {
  await new Promise((resolve) => setTimeout(resolve, 20));
  process.off("unhandledRejection", heard);
  expect(unhandled.splice(0)).toEqual([]);
});

const deaf = () => new Promise<string>(() => {});
const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;

test("a model that never answers and never listens: TimeoutError at the deadline, with where", async () => {
  const before = Date.now();
  const error = await predict(QA, { lm: deaf })({ question: "?" }, { timeout: 30 }).catch((e) => e);
  expect(error).toMatchObject({ name: "TimeoutError", code: "timeout", where: "lm" });
  expect(error.deadline).toBeGreaterThanOrEqual(before + 30);
  expect(Date.now() - before).toBeLessThan(3000);
});

test("the signal the model gets aborts at the deadline, with the same error", async () => {
  let seen: LMRequest | undefined;
  const watched = (request: LMRequest) => {
    seen = request;
    return deaf();
  };
  const late = predict(QA, { lm: watched, timeout: "20ms" })({ question: "?" });
  const error = await late.catch((e) => e);
  expect(seen!.signal!.aborted).toBe(true);
  expect(seen!.signal!.reason).toBe(error);
  expect(seen!.deadline).toBe(error.deadline);
});

test("a failure after the deadline is heard by nobody and ends nothing", async () => {
  const lm = () => new Promise<string>((_, reject) => setTimeout(() => reject(new Error("too late")), 30));
  await expect(predict(QA, { lm })({ question: "?" }, { timeout: 5 })).rejects.toMatchObject({ code: "timeout" });
  await new Promise((resolve) => setTimeout(resolve, 50));
});

test("the caller's signal: CancelledError with its reason, before and in the middle", async () => {
  const lm = scripted(["{}"]);
  const done = AbortSignal.abort("enough");
  await expect(predict(QA, { lm })({ question: "?" }, { signal: done })).rejects.toMatchObject({
    name: "CancelledError",
    reason: "enough",
  });
  expect(lm.requests).toHaveLength(0);
  const controller = new AbortController();
  const call = predict(QA, { lm: deaf })({ question: "?" }, { signal: controller.signal });
  setTimeout(() => controller.abort("later"), 5);
  await expect(call).rejects.toMatchObject({ code: "cancelled", reason: "later" });
});

test("a finished call leaves no timer and no listener", async () => {
  const { signal } = new AbortController();
  const [added, removed] = [vi.spyOn(signal, "addEventListener"), vi.spyOn(signal, "removeEventListener")];
  const before = timers();
  const call = predict(QA, { lm: scripted(['{"answer":"a"}']) });
  await call({ question: "?" }, { timeout: "1h", signal });
  expect(timers()).toBe(before);
  expect(added).toHaveBeenCalled();
  expect(removed).toHaveBeenCalledTimes(added.mock.calls.length);
});

test("durations: units, no zero, no negative, Infinity is no limit", async () => {
  const lm = scripted(['{"answer":"a"}'], { repeat: true });
  for (const timeout of ["250ms", "2s", "1.5m", "1h", Number.POSITIVE_INFINITY] as const)
    await predict(QA, { lm, timeout })({ question: "?" });
  for (const timeout of [0, -1, Number.NaN, "0s", "10", "1d", ""])
    expect(() => predict(QA, { timeout: timeout as never })).toThrow(/duration/);
});

test("a retry's wait ends with the deadline: what failed is told, not the clock", async () => {
  const error = await predict(QA, { lm: scripted([{ status: 503, text: "busy" }], { repeat: true }) })(
    { question: "?" },
    { timeout: 100 },
  ).catch((e) => e);
  expect(error).toMatchObject({ name: "LMError", code: "server", status: 503 });
});

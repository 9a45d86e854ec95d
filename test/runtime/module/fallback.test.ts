/** What is tried when all that failed, and what is not: the caller's own mistakes and ends. */
import { beforeEach, expect, test } from "vitest";
import { PoolError } from "../../../runtime/errors.ts";
import { LMError } from "../../../runtime/lm/lm-error.ts";
import { scripted } from "../../../runtime/lm/testing.ts";
import { predict } from "../../../runtime/modules/predict.ts";
import { react } from "../../../runtime/modules/react.ts";
import { registerEngine } from "../../../runtime/router/engines.ts";
import { type PlainEngine, plainEngine } from "./plain-engine.ts";
import { QA } from "./signatures.ts";

let native: PlainEngine;
let python: PlainEngine;
beforeEach(() => {
  native = plainEngine("native");
  registerEngine(native);
  python = plainEngine("python");
  registerEngine(python);
});
const failing = (status: number) => scripted([{ status }], { repeat: true });
const good = () => scripted(['{"answer":"good"}']);

test("models in order, after the first one's own retries", async () => {
  const [a, b, c] = [failing(401), failing(404), good()];
  const out = await predict(QA, { lm: a, fallback: { lm: [b, c] } })({ question: "?" });
  expect(out.answer).toBe("good");
  expect([a, b, c].map(({ requests }) => requests.length)).toEqual([1, 1, 1]);
  expect(out.meta.attempts.filter(({ failed }) => failed)).toHaveLength(2);
});

test("then the other route, when it is asked for and can", async () => {
  native.execute = async () => {
    throw new LMError("server", "down");
  };
  const out = await predict(QA, { lm: good(), fallback: { route: true } })({ question: "?" });
  expect(out.meta.route).toBe("python");
  await expect(predict(QA, { lm: good() })({ question: "?" })).rejects.toMatchObject({ code: "server" });
  python.canExecute = () => "no";
  await expect(predict(QA, { lm: good(), fallback: { route: true } })({ question: "?" })).rejects.toMatchObject({ code: "server" });
});

test("from Python to native as well", async () => {
  python.execute = async () => {
    throw new PoolError("worker_lost", "gone");
  };
  const out = await predict(QA, { lm: good(), route: "python", fallback: { route: true } })({ question: "?" });
  expect(out.meta.route).toBe("native");
});

test("an unreadable answer falls back too; a wrong input does not", async () => {
  const out = await predict(QA, { lm: scripted(["no json"]), fallback: { lm: [good()] } })({ question: "?" });
  expect(out.answer).toBe("good");
  const untouched = good();
  await expect(predict(QA, { lm: good(), fallback: { lm: [untouched] } })({} as never)).rejects.toMatchObject({ code: "input_invalid" });
  expect(untouched.requests).toHaveLength(0);
});

test("the deadline and the signal end it all", async () => {
  const untouched = good();
  const call = predict(QA, { lm: () => new Promise(() => {}), fallback: { lm: [untouched] }, timeout: 20 });
  await expect(call({ question: "?" })).rejects.toMatchObject({ code: "timeout" });
  expect(untouched.requests).toHaveLength(0);
});

test("what may not be repeated is not, unless it says it may", async () => {
  const tool = { name: "t", description: null, parameters: [], run: () => 1 };
  const call = (options: object) => react(QA, [tool], { lm: failing(401), fallback: { lm: [good()] }, ...options })({ question: "?" });
  await expect(call({})).rejects.toMatchObject({ code: "auth" });
  expect((await call({ idempotent: true })).answer).toBe("good");
});

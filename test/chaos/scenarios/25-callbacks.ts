/** A function of the host's, called from Python: it throws, is slow, never answers, returns nonsense, calls Python again. */
import type { Context } from "../harness/context.ts";
import { Findings, type Verdict } from "../harness/scenario.ts";
import { settleWithin, sleep } from "../harness/settle.ts";

export const scenario = 25;
export const name = "callbacks that throw, hang or call Python again";

export async function run(context: Context): Promise<Verdict> {
  const findings = new Findings(context.form);
  const pool = context.pool({ size: 1, lane: "exclusive" });
  const pid = await pool.call("faults.pid");
  const with_ = (tool: (number: number) => unknown, op = "callbacks.use", args: object = {}, options: object = {}) =>
    settleWithin(15_000, pool.call(op, args, { callbacks: { tool }, ...options }));

  const seen = await with_(() => {
    throw new RangeError("the host says no");
  }, "callbacks.catching");
  findings.expect(
    /the host says no/.test(String(seen.value)),
    `an exception in a callback reached Python as ${String(seen.value ?? seen.outcome)}`,
  );
  const uncaught = await with_(() => {
    throw new RangeError("the host says no");
  });
  findings.expect(
    uncaught.outcome === "python_exception" && /the host says no/.test(String(uncaught.error)),
    `nobody catches it in Python: ${uncaught.outcome}`,
  );
  const nonsense = await with_(() => () => 1, "callbacks.catching");
  findings.expect(
    nonsense.outcome === "ok" && nonsense.value !== "nothing was raised",
    `a function as answer: ${String(nonsense.value ?? nonsense.outcome)}`,
  );
  // Anything can be thrown, and its text may throw in its turn.
  const thrown: readonly unknown[] = [
    undefined,
    Symbol("no error"),
    Object.create(null),
    new Error("x".repeat(70e6)),
    new Error("a\ud800b\u0000c"),
    Object.assign(new Error(), { message: Symbol("no text") }),
    Object.defineProperty(new Error(), "message", {
      get() {
        throw new Error("no text of mine");
      },
    }),
  ];
  for (const [number, what] of thrown.entries()) {
    const odd = await with_(
      () => {
        throw what;
      },
      "callbacks.catching",
      {},
      { timeout: 5000 },
    );
    findings.expect(/^HostError: /.test(String(odd.value)), `something odd (${number}) thrown: ${odd.outcome} ${String(odd.value)}`);
  }
  const slow = await with_(async (n: number) => {
    await sleep(150);
    return n + 1;
  });
  findings.expect(JSON.stringify(slow.value) === "[2]", `a slow answer: ${slow.outcome}`);
  const never = await with_(() => new Promise(() => {}), "callbacks.use", {}, { timeout: 200 });
  findings.expect(never.outcome === "timeout", `an answer that never comes: ${never.outcome}`);
  findings.within(never.ms, 350, "an answer that never comes, the deadline being 200 ms");
  const threads = await with_((n: number) => n, "callbacks.from_threads", { threads: 8, times: 400 });
  findings.expect(threads.value === (399 * 400) / 2, `from eight threads: ${threads.outcome} ${String(threads.value)}`);
  const kept = await settleWithin(10_000, pool.call("faults.pid"));
  findings.expect(kept.value === pid, `the worker was not kept (${kept.outcome})`);

  // One worker, and its call's callback needs a worker: an answer or a typed refusal, at any depth, and never a deadlock.
  let deepest = 0;
  const nest = (depth: number): Promise<number[]> => {
    deepest = Math.max(deepest, depth);
    return pool.call(
      "callbacks.use",
      { value: depth },
      { timeout: 8000, callbacks: { tool: async () => (depth >= 6 ? depth : (await nest(depth + 1))[0]) } },
    );
  };
  const once = await settleWithin(
    10_000,
    pool.call(
      "callbacks.use",
      {},
      { timeout: 8000, callbacks: { tool: () => pool.call("faults.add", { a: 20, b: 22 }, { timeout: 4000 }) } },
    ),
  );
  findings.expect(
    JSON.stringify(once.value) === "[42]" || /python_exception|saturated|call_closed/.test(once.outcome),
    `a callback that calls Python: ${once.outcome}`,
  );
  findings.within(once.ms, 2000, "a callback that calls Python, in whose way its own call stands");
  const start = performance.now();
  const deep = await settleWithin(10_000, nest(1));
  findings.expect(
    deep.outcome !== "never" && deep.outcome !== "timeout" && !deep.outcome.startsWith("untyped"),
    `six deep: ${deep.outcome} at depth ${deepest}`,
  );
  const took = performance.now() - start;
  const after = await settleWithin(10_000, pool.call("faults.add", { a: 1, b: 1 }));
  findings.expect(after.outcome === "ok", `afterwards: ${after.outcome}`);

  const timed = performance.now();
  const many = await with_((n: number) => n, "callbacks.use", { times: 2000 });
  findings.expect(many.outcome === "ok", `2,000 callbacks: ${many.outcome}`);
  return findings.verdict(((performance.now() - timed) * 1000) / 2000, "us", `a callback; nested calls ended in ${Math.round(took)} ms`);
}

/** Cancel in the middle of `dspy.Evaluate` with four threads and a slow model: no completion is asked for after the grace. */
import { python } from "../../../runtime/index.ts";
import type { Context } from "../harness/context.ts";
import { Findings, type Verdict } from "../harness/scenario.ts";
import { settleWithin, sleep, until } from "../harness/settle.ts";

export const scenario = 35;
export const name = "cancel during Evaluate: four threads, slow model";

export async function run(context: Context): Promise<Verdict> {
  const findings = new Findings(context.form);
  const grace = 1000;
  const pool = context.pool({ size: 1, lane: "exclusive", killGrace: grace }, "evaluating");
  const slow = context.times(1000, 3000);
  const asked: number[] = [];
  let aborted = 0;
  const lm = async ({ signal }: { signal?: AbortSignal }) => {
    asked.push(performance.now());
    signal?.addEventListener("abort", () => aborted++, { once: true });
    await sleep(slow);
    return "[[ ## answer ## ]]\nyes\n\n[[ ## completed ## ]]";
  };
  const evaluated = python("evaluating.Evaluated", {}, { pool: pool.name, lm }) as unknown as (
    inputs: object,
    options: object,
  ) => Promise<unknown>;
  const stop = new AbortController();
  const call = settleWithin(30_000, evaluated({ count: 40, threads: 4 }, { signal: stop.signal }));
  const begun = await Promise.race([until(15_000, () => asked.length >= 4), call.then(() => undefined)]);
  if (begun === undefined)
    findings.expect(false, `it never asked from four threads: ${(await call).outcome} ${String((await call).error)}`);
  await sleep(slow * 0.3);
  const start = performance.now();
  stop.abort();
  const { outcome } = await call;
  const released = performance.now() - start;
  findings.expect(outcome === "cancelled", `the caller: ${outcome}`);
  findings.within(released, 100, "the caller");
  const next = await settleWithin(15_000, pool.call("faults.add", { a: 1, b: 1 }));
  findings.expect(next.outcome === "ok", `the next call: ${next.outcome}`);
  findings.within(next.ms, grace + 1000, "the next call");
  await sleep(slow * 2 + 500);
  const late = asked.filter((at) => at > start).length;
  findings.expect(late === 0, `${late} completions were asked for after the cancel`);
  findings.expect(aborted >= 4, `${aborted} of the requests under way were stopped`);
  return findings.verdict(late, "LM calls", `after the cancel; ${asked.length} before it`);
}

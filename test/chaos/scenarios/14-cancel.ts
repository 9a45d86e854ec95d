/** A cancel meets a Python loop, a sleep, a blocking read and a C call: three end softly, the last by a kill after its grace. */
import type { Context } from "../harness/context.ts";
import { Findings, type Verdict } from "../harness/scenario.ts";
import { percentile, settleWithin, sleep, until } from "../harness/settle.ts";

export const scenario = 14;
export const name = "cancel: Python loop, sleep, read, C call";
const GRACE = 200;

export async function run(context: Context): Promise<Verdict> {
  const findings = new Findings(context.form);
  const pool = context.pool({ size: 1, lane: "exclusive", killGrace: GRACE });
  await pool.start();
  /** From the abort to the next call's answer by the same worker: the lane is free only when Python has unwound. */
  const cancel = async (op: string): Promise<{ ms: number; kept: boolean; outcome: string }> => {
    const pid = await pool.call("faults.pid");
    const stop = new AbortController();
    const call = settleWithin(20_000, pool.call(op, { seconds: 3 }, { signal: stop.signal }));
    await until(5000, () => pool.stats().busy === 1);
    await sleep(60);
    const start = performance.now();
    stop.abort(new Error("enough"));
    const { outcome } = await call;
    const next = await settleWithin(20_000, pool.call("faults.pid"));
    findings.expect(next.outcome === "ok", `${op}: the next call ${next.outcome}`);
    return { ms: performance.now() - start, kept: next.value === pid, outcome };
  };
  const soft: number[] = [];
  for (let i = 0; i < context.times(3, 9, 30); i++) {
    for (const op of ["faults.spin", "faults.nap", "faults.receive"]) {
      const { ms, kept, outcome } = await cancel(op);
      findings.expect(outcome === "cancelled", `${op}: ${outcome}`);
      findings.expect(kept, `${op}: the worker was not kept`);
      soft.push(ms);
    }
  }
  const hard = await cancel("faults.c_loop");
  findings.expect(!hard.kept, "C call: the worker was kept");
  findings.expect(hard.ms > GRACE * 0.9, `C call: answered after ${Math.round(hard.ms)} ms, the grace is ${GRACE}`);
  findings.within(hard.ms, GRACE + 300, `C call, the grace being ${GRACE} ms`);
  const median = percentile(soft, 0.5);
  findings.within(median, 5, "the median soft cancel");
  return findings.verdict(
    median,
    "ms",
    `median soft cancel and next answer; worst ${Math.round(Math.max(...soft))} ms, C call ${Math.round(hard.ms)} ms`,
  );
}

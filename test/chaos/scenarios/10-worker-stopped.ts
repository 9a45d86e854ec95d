/** SIGSTOP of a worker: found within the heartbeat's budget, killed, replaced; its call gets `worker_hung`. */
import type { Context } from "../harness/context.ts";
import { facts, isAlive } from "../harness/proc.ts";
import { Findings, type Verdict } from "../harness/scenario.ts";
import { settleWithin, sleep, until } from "../harness/settle.ts";

export const scenario = 10;
export const name = "worker stopped (SIGSTOP), busy and idle";

export async function run(context: Context): Promise<Verdict> {
  const findings = new Findings(context.form);
  const budget = 200 * 3;
  const pool = context.pool({ size: 1, lane: "exclusive", heartbeat: { interval: 200, misses: 3 } });
  await pool.start();
  await pool.call("faults.pid");
  let worst = 0;
  for (let round = 0; round < context.times(2, 5); round++) {
    const call = settleWithin(20_000, pool.call("faults.nap", { seconds: 60 }));
    await until(5000, () => pool.stats().busy === 1);
    await sleep(100);
    const worker = facts(pool.stats().pids[0]!)!;
    const start = performance.now();
    process.kill(worker.pid, "SIGSTOP");
    const { outcome } = await call;
    worst = Math.max(worst, performance.now() - start);
    findings.expect(outcome === "worker_hung", `a stopped worker's call: ${outcome}`);
    findings.expect((await until(500, () => !isAlive(worker))) !== undefined, "the stopped worker lives");
    const next = await settleWithin(10_000, pool.call("faults.add", { a: 1, b: 1 }));
    findings.expect(next.outcome === "ok", `the next call: ${next.outcome}`);
  }
  // By its own hand, and from an idle worker: a call that meets it must not wait for ever.
  const own = await settleWithin(20_000, pool.call("faults.stop_self"));
  findings.expect(own.outcome === "worker_hung", `a worker that stops itself: ${own.outcome}`);
  await pool.call("faults.pid");
  process.kill(pool.stats().pids[0]!, "SIGSTOP");
  const met = await settleWithin(20_000, pool.call("faults.add", { a: 1, b: 1 }, { idempotent: true }));
  findings.expect(met.outcome === "ok" || met.outcome === "worker_hung", `a call that met a stopped idle worker: ${met.outcome}`);
  // One interval of grace: the stop may fall just after a ping.
  findings.within(worst, budget + 400, `found, the budget being ${budget} ms`);
  return findings.verdict(worst, "ms", `until the caller knew; the heartbeat's budget is ${budget} ms`);
}

/** Sixty-four calls in one worker, one of them crashes it: the innocents are served again, the guilty one is found. */
import type { Context } from "../harness/context.ts";
import { Findings, type Verdict } from "../harness/scenario.ts";
import { settleWithin, tally } from "../harness/settle.ts";

export const scenario = 36;
export const name = "one of 64 calls in flight crashes the worker";

export async function run(context: Context): Promise<Verdict> {
  const findings = new Findings(context.form);
  let worst = 0;
  for (let round = 0; round < context.times(2, 5); round++) {
    const pool = context.pool({ size: 1, lane: "async", concurrency: 64 });
    await pool.call("faults.pid");
    const start = performance.now();
    const innocents = Array.from({ length: 63 }, () =>
      settleWithin(30_000, pool.call("faults.nap_async", { seconds: 0.05 }, { idempotent: true })),
    );
    const guilty = settleWithin(30_000, pool.call("faults.crash_async", {}, { idempotent: true }));
    const outcomes = await Promise.all(innocents);
    worst = Math.max(worst, performance.now() - start);
    findings.expect(
      outcomes.every(({ outcome }) => outcome === "ok"),
      `innocents: ${JSON.stringify(tally(outcomes))}`,
    );
    const { outcome } = await guilty;
    findings.expect(outcome === "worker_lost" || outcome === "quarantined", `the guilty one: ${outcome}`);
    const innocent = await settleWithin(10_000, pool.call("faults.nap_async", { seconds: 0.05 }));
    findings.expect(innocent.outcome === "ok", `the innocents' input afterwards: ${innocent.outcome}`);
    // Not idempotent: nothing is repeated, everything is told.
    const told = await Promise.all([
      ...Array.from({ length: 7 }, () => settleWithin(30_000, pool.call("faults.nap_async", { seconds: 0.2 }, { idempotent: false }))),
      settleWithin(30_000, pool.call("faults.crash_async", {}, { idempotent: false })),
    ]);
    findings.expect(
      told.every(({ outcome }) => /^(worker_lost|quarantined|ok)$/.test(outcome)),
      `not idempotent: ${JSON.stringify(tally(told))}`,
    );
    await pool.close();
  }
  return findings.verdict(worst, "ms", "until the last of 63 innocents had its answer");
}

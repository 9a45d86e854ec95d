/** The host's event loop stands still: its own silence is not the workers', nobody is killed for it. */
import type { Context } from "../harness/context.ts";
import { Findings, type Verdict } from "../harness/scenario.ts";
import { settleWithin, sleep, until } from "../harness/settle.ts";

export const scenario = 33;
export const name = "host event loop blocked for 10 s";

export async function run(context: Context): Promise<Verdict> {
  const findings = new Findings(context.form);
  const pool = context.pool({ size: 2, min: 2, lane: "exclusive", heartbeat: { interval: 200, misses: 3 } });
  await pool.start();
  await until(5000, () => pool.stats().pids.length === 2);
  const before = pool.stats().pids.toSorted().join();
  const block = context.times(3000, 10_000);
  const calls = [
    settleWithin(30_000, pool.call("faults.nap", { seconds: block / 2000 })),
    settleWithin(30_000, pool.call("faults.spin", { seconds: block / 1000 + 1 })),
  ];
  await sleep(300);
  const end = performance.now() + block;
  while (performance.now() < end);
  for (const { outcome } of await Promise.all(calls)) findings.expect(outcome === "ok", `a call under way: ${outcome}`);
  await sleep(1500);
  const after = pool.stats().pids.toSorted().join();
  findings.expect(before === after, `workers ${before} became ${after}`);
  findings.expect(pool.stats().restarts === 0, `${pool.stats().restarts} restarts`);
  return findings.verdict(pool.stats().restarts, "workers", `lost in ${block / 1000} s of a blocked host`);
}

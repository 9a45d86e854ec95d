/** Recycling by calls, by age and by real memory under load: no call fails, and the pool never has less than N - 1 workers. */
import type { Context } from "../harness/context.ts";
import { Findings, type Verdict } from "../harness/scenario.ts";
import { settleWithin, sleep, tally, until } from "../harness/settle.ts";

export const scenario = 22;
export const name = "recycling by calls, age and memory under load";

export async function run(context: Context): Promise<Verdict> {
  const findings = new Findings(context.form);
  let served = 0;
  for (const [label, recycle] of [
    ["calls", { calls: 40 }],
    ["age", { age: 300 }],
  ] as const) {
    const pool = context.pool({ size: 4, min: 4, lane: "exclusive", recycle });
    await pool.start();
    await until(5000, () => pool.stats().pids.length === 4);
    const seen = new Set<number>();
    let least = 4;
    let loading = true;
    const watch = (async () => {
      while (loading) {
        const { pids } = pool.stats();
        least = Math.min(least, pids.length);
        for (const pid of pids) seen.add(pid);
        await sleep(1);
      }
    })();
    const end = performance.now() + context.times(1500, 5000, 20_000);
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const mine = [];
        while (performance.now() < end)
          mine.push(await settleWithin(10_000, pool.call("faults.nap", { seconds: 0.002 }, { idempotent: false })));
        return mine;
      }),
    );
    loading = false;
    await watch;
    const all = outcomes.flat();
    served += all.length;
    findings.expect(
      all.every(({ outcome }) => outcome === "ok"),
      `by ${label}: ${JSON.stringify(tally(all))}`,
    );
    findings.expect(seen.size > 6, `by ${label}: only ${seen.size} workers were seen in ${all.length} calls`);
    findings.expect(least >= 3, `by ${label}: down to ${least} of 4 workers`);
    await pool.close();
  }
  // By memory: what one call leaves behind is seen by the host, who replaces the worker between calls.
  const pool = context.pool({ size: 1, lane: "exclusive", memory: "400MB", recycle: { memory: "120MB" }, heartbeat: { interval: 200 } });
  const pid = (await pool.call("faults.pid")) as number;
  const held = (await pool.call("faults.take_memory", { megabytes: 160 })) as number;
  findings.expect(held >= 160, "the worker does not hold its memory, so this proves nothing");
  const replaced = await until(5000, async () => (await pool.call("faults.pid")) !== pid, 20);
  findings.expect(replaced !== undefined, `a worker of ${held} MB was not replaced`);
  return findings.verdict(served, "calls", `none failed; by memory replaced after ${Math.round(replaced ?? 0)} ms`);
}

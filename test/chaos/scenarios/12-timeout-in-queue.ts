/** A deadline that passes in the queue: the call never runs, its caller hears once, its timer is gone. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../harness/context.ts";
import { Findings, type Verdict } from "../harness/scenario.ts";
import { settleWithin, sleep, tally, until } from "../harness/settle.ts";

export const scenario = 12;
export const name = "timeout in the queue";

export async function run(context: Context): Promise<Verdict> {
  const findings = new Findings(context.form);
  const folder = context.folderFor("marks");
  const pool = context.pool({ size: 1, lane: "exclusive", permissions: { write: [folder] } });
  await pool.call("faults.pid");
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const blocker = settleWithin(20_000, pool.call("faults.nap", { seconds: 1 }));
  await until(5000, () => pool.stats().busy === 1);
  const before = timers();
  const calls = Array.from({ length: 50 }, (_, i) => pool.call("faults.mark", { path: join(folder, `late-${i}`) }, { timeout: 100 }));
  const settled = await Promise.all(calls.map((call) => settleWithin(20_000, call)));
  findings.expect(
    settled.every(({ outcome }) => outcome === "timeout"),
    `in the queue: ${JSON.stringify(tally(settled))}`,
  );
  findings.expect(
    settled.every(({ error }) => (error as { where?: string }).where === "queue"),
    "the error does not say that it waited in the queue",
  );
  const worst = Math.max(...settled.map(({ ms }) => ms));
  findings.within(worst, 250, "a deadline of 100 ms heard of");
  const stop = new AbortController();
  const cancelled = settleWithin(20_000, pool.call("faults.mark", { path: join(folder, "cancelled") }, { signal: stop.signal }));
  stop.abort();
  const { outcome, ms } = await cancelled;
  findings.expect(outcome === "cancelled", `cancelled in the queue: ${outcome}`);
  findings.within(ms, 50, "cancelled in the queue");
  findings.expect(pool.stats().queue === 0, `${pool.stats().queue} calls in the queue afterwards`);
  await blocker;
  await pool.call("faults.pid");
  await sleep(100);
  findings.expect(
    !existsSync(join(folder, "late-0")) && !existsSync(join(folder, "cancelled")),
    "a call ran after its deadline in the queue",
  );
  findings.expect(timers() <= before, `${timers() - before} timers are left`);
  return findings.verdict(worst, "ms", "worst time to hear of a deadline of 100 ms");
}

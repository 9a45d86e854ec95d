/** More calls than the queue holds: refused at once, by count, by bytes and by age, and the host's memory stays bounded. */
import type { Context } from "../harness/context.ts";
import { Findings, type Verdict } from "../harness/scenario.ts";
import { settleWithin, tally, until } from "../harness/settle.ts";

export const scenario = 11;
export const name = "queue saturated: by count, bytes and age";

export async function run(context: Context): Promise<Verdict> {
  const findings = new Findings(context.form);
  const blocked = async (options: object) => {
    const pool = context.pool({ size: 1, lane: "exclusive", ...options });
    await pool.call("faults.pid");
    const blocker = settleWithin(20_000, pool.call("faults.nap", { seconds: 1.5 }));
    await until(5000, () => pool.stats().busy === 1);
    return { pool, blocker };
  };

  const byCount = await blocked({ maxQueue: 10 });
  const queued = Array.from({ length: 10 }, (_, i) => settleWithin(20_000, byCount.pool.call("faults.add", { a: i, b: 0 })));
  const start = performance.now();
  const refused = await Promise.all(
    Array.from({ length: 1000 }, () => settleWithin(20_000, byCount.pool.call("faults.add", { a: 0, b: 0 }))),
  );
  const took = performance.now() - start;
  findings.expect(
    refused.every(({ outcome }) => outcome === "saturated"),
    `beyond the queue: ${JSON.stringify(tally(refused))}`,
  );
  findings.within(took, 500, "1,000 refusals");
  const served = await Promise.all([byCount.blocker, ...queued]);
  findings.expect(
    served.every(({ outcome }) => outcome === "ok"),
    `in the queue: ${JSON.stringify(tally(served))}`,
  );
  await byCount.pool.close();

  const byBytes = await blocked({ maxQueueBytes: 8 << 20 });
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  const data = new Uint8Array(1 << 20);
  const many = Array.from({ length: 100 }, () => settleWithin(20_000, byBytes.pool.call("faults.measure", { data })));
  const grown = (process.memoryUsage().rss - before) / (1 << 20);
  const outcomes = tally(await Promise.all(many));
  findings.expect((outcomes.saturated ?? 0) >= 90 && (outcomes.ok ?? 0) >= 5, `100 MB into a queue of 8 MB: ${JSON.stringify(outcomes)}`);
  findings.expect(grown < 64, `the host grew by ${Math.round(grown)} MB`);
  await byBytes.pool.close();

  const byAge = await blocked({ maxQueueAge: 200 });
  const old = await settleWithin(20_000, byAge.pool.call("faults.add", { a: 0, b: 0 }));
  findings.expect(old.outcome === "saturated", `older than maxQueueAge: ${old.outcome}`);
  findings.within(old.ms, 1000, "older than maxQueueAge");
  // Milliseconds of a thousand are microseconds of one.
  return findings.verdict(took, "us", "one refusal");
}

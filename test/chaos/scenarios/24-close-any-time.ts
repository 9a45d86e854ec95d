/** close() during start-up, twice, while calls run and wait: bounded, idempotent, every call ends, nothing is left. */
import { predict } from "../../../runtime/index.ts";
import type { Context } from "../harness/context.ts";
import { marked } from "../harness/proc.ts";
import { Findings, type Verdict } from "../harness/scenario.ts";
import { settleWithin, sleep, tally, until } from "../harness/settle.ts";
import { signatureOf } from "../harness/signature.ts";

export const scenario = 24;
export const name = "close during start-up, twice, under load";

export async function run(context: Context): Promise<Verdict> {
  const findings = new Findings(context.form);
  let worst = 0;
  const delays = context.form === "short" ? [0, 30, 300, 700] : [0, 1, 5, 20, 50, 100, 200, 300, 400, 500, 600, 700, 800, 1000, 1500];
  for (const delay of delays) {
    const pool = context.pool({ size: 4, min: 4 });
    const started = settleWithin(15_000, pool.start());
    const call = settleWithin(15_000, pool.call("faults.nap", { seconds: 30 }));
    await sleep(delay);
    const closes = await Promise.all([settleWithin(15_000, pool.close()), settleWithin(15_000, pool.close())]);
    worst = Math.max(worst, ...closes.map(({ ms }) => ms));
    findings.expect(
      closes.every(({ outcome }) => outcome === "ok"),
      `closed after ${delay} ms: ${closes[0]!.outcome}`,
    );
    const { outcome } = await call;
    findings.expect(outcome === "pool_closed", `a call when the pool closed after ${delay} ms: ${outcome}`);
    const start = (await started).outcome;
    findings.expect(start === "ok" || start === "pool_closed", `start() when the pool closed after ${delay} ms: ${start}`);
    findings.expect(
      (await until(500, () => marked(context.folder).length === 0)) !== undefined,
      `closed after ${delay} ms: a process is left`,
    );
    for (const late of [() => pool.call("faults.pid"), () => pool.start(), () => pool.session()]) {
      const { outcome } = await settleWithin(1000, (async () => late())());
      findings.expect(outcome === "pool_closed", `after the close: ${outcome}`);
    }
    findings.expect((await settleWithin(1000, pool.close())).outcome === "ok", "a third close");
  }
  // Asked for by its name, a closed pool is closed as well, and no other takes its place.
  const named = context.pool({ size: 1 });
  await named.call("faults.pid");
  const ask = predict(signatureOf("question -> answer"), { pool: named.name, route: "python", lm: () => "" });
  await named.close();
  const gone = await settleWithin(5000, ask({ question: "is it open?" }));
  findings.expect(gone.outcome === "pool_closed", `a closed pool by its name: ${gone.outcome}`);

  const pool = context.pool({ size: 2, lane: "exclusive" });
  await pool.call("faults.pid");
  const calls = Array.from({ length: 50 }, () => settleWithin(15_000, pool.call("faults.nap", { seconds: 0.05 })));
  const drained = await settleWithin(15_000, pool.drain());
  const outcomes = tally(await Promise.all(calls));
  findings.expect(drained.outcome === "ok" && outcomes.ok === 50, `drain: ${drained.outcome}, calls ${JSON.stringify(outcomes)}`);
  const refused = await settleWithin(1000, (async () => pool.call("faults.pid"))());
  findings.expect(refused.outcome === "pool_closed", `a call after drain: ${refused.outcome}`);
  findings.within(worst, 1500, "close");
  return findings.verdict(worst, "ms", "worst close");
}

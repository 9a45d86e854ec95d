/** SIGKILL of the zygote, and of one worker: calls in flight end with `worker_lost`, waiting ones are served by what replaces it. */
import { type Context, zygotes } from "../harness/context.ts";
import { isAlive } from "../harness/proc.ts";
import { Findings, type Verdict } from "../harness/scenario.ts";
import { settleWithin, sleep, tally, until } from "../harness/settle.ts";

export const scenario = 3;
export const name = "zygote killed; one worker killed";

export async function run(context: Context): Promise<Verdict> {
  const findings = new Findings(context.form);
  const pool = context.pool({ size: 2, lane: "exclusive" });
  await pool.start();
  let worst = 0;
  for (let round = 0; round < context.times(2, 5); round++) {
    const busy = [1, 2].map(() => settleWithin(20_000, pool.call("faults.nap", { seconds: 60 })));
    const zygote = zygotes()[0]!;
    await until(5000, () => pool.stats().busy === 2);
    await sleep(50);
    const queued = Array.from({ length: 8 }, (_, i) => settleWithin(20_000, pool.call("faults.add", { a: i, b: 1 })));
    const start = performance.now();
    process.kill(zygote.pid, "SIGKILL");
    const lost = await Promise.all(busy);
    findings.expect(
      lost.every(({ outcome }) => outcome === "worker_lost"),
      `in flight with the zygote: ${JSON.stringify(tally(lost))}`,
    );
    const served = await Promise.all(queued);
    worst = Math.max(worst, performance.now() - start);
    findings.expect(
      served.every(({ outcome, value }, i) => outcome === "ok" && value === i + 1),
      `queued behind the zygote: ${JSON.stringify(tally(served))}`,
    );
    findings.expect(!isAlive(zygote), "the zygote lives");
  }

  const both = [1, 2].map(() => settleWithin(20_000, pool.call("faults.nap", { seconds: 1 })));
  await until(5000, () => pool.stats().busy === 2);
  process.kill(pool.stats().pids[0]!, "SIGKILL");
  const outcomes = (await Promise.all(both)).map(({ outcome }) => outcome).sort();
  findings.expect(outcomes.join() === "ok,worker_lost", `one of two workers killed: ${outcomes.join()}`);
  const rest = await settleWithin(20_000, pool.call("faults.add", { a: 1, b: 1 }));
  findings.expect(rest.outcome === "ok", `after one worker's death: ${rest.outcome}`);
  return findings.verdict(worst, "ms", "worst time from the zygote's death to the last waiting call's answer");
}

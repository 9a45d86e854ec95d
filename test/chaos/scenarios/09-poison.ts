/** An input that kills: at most two workers are lost to it, then it is refused; others are served; kills from outside never count. */
import type { Context } from "../harness/context.ts";
import { Findings, type Verdict } from "../harness/scenario.ts";
import { settleWithin, sleep, until } from "../harness/settle.ts";

export const scenario = 9;
export const name = "poison input: segmentation fault, os._exit";

export async function run(context: Context): Promise<Verdict> {
  const findings = new Findings(context.form);
  let worst = 0;
  for (const [op, args] of [
    ["faults.crash", {}],
    ["faults.leave", { code: 3 }],
  ] as const) {
    for (const idempotent of [false, true]) {
      const pool = context.pool({ size: 4, lane: "exclusive" });
      const seen = new Set<number>();
      const innocent: string[] = [];
      let going = true;
      const others = (async () => {
        for (let i = 0; going; i++) {
          for (const pid of pool.stats().pids) seen.add(pid);
          innocent.push((await settleWithin(10_000, pool.call("faults.add", { a: i, b: 1 }))).outcome);
        }
      })();
      const outcomes: string[] = [];
      const before = pool.stats().restarts;
      for (let i = 0; i < 6; i++) outcomes.push((await settleWithin(15_000, pool.call(op, args, { idempotent }))).outcome);
      going = false;
      await others;
      const label = `${op}${idempotent ? ", idempotent" : ""}`;
      findings.expect(outcomes.at(-1) === "quarantined", `${label}: ${outcomes.join(", ")}`);
      findings.expect(
        outcomes.every((o) => o === "worker_lost" || o === "quarantined"),
        `${label}: ${outcomes.join(", ")}`,
      );
      findings.expect(outcomes.indexOf("quarantined") <= 2, `${label}: refused only from call ${outcomes.indexOf("quarantined") + 1} on`);
      findings.expect(
        innocent.every((o) => o === "ok"),
        `${label}: another call ended ${innocent.find((o) => o !== "ok")}`,
      );
      await until(1000, () => pool.stats().pids.length > 0);
      const lost = pool.stats().restarts - before;
      findings.expect(lost <= 2, `${label}: ${lost} workers lost`);
      worst = Math.max(worst, lost);
      const near = await settleWithin(10_000, pool.call("faults.add", { a: 1, b: 2 }));
      findings.expect(near.outcome === "ok", `${label}: an innocent input afterwards ${near.outcome}`);
      await pool.close();
    }
  }

  // The same input, its worker killed from outside each time: never quarantined.
  const pool = context.pool({ size: 1, lane: "exclusive" });
  for (let i = 0; i < 4; i++) {
    const call = settleWithin(15_000, pool.call("faults.nap", { seconds: 0.4 }));
    await until(10_000, () => pool.stats().busy === 1);
    await sleep(50);
    process.kill(pool.stats().pids[0]!, "SIGKILL");
    const { outcome } = await call;
    findings.expect(outcome === "worker_lost", `killed from outside: ${outcome}`);
  }
  const after = await settleWithin(15_000, pool.call("faults.nap", { seconds: 0.4 }));
  findings.expect(after.outcome === "ok", `after four kills from outside: ${after.outcome}`);
  return findings.verdict(worst, "workers", "most workers lost to one poison input");
}

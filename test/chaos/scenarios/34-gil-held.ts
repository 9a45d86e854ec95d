/** A C call holds the interpreter's lock far beyond the heartbeat's budget, inside its deadline: busy is not hung. */
import type { Context } from "../harness/context.ts";
import { Findings, type Verdict } from "../harness/scenario.ts";
import { settleWithin } from "../harness/settle.ts";

export const scenario = 34;
export const name = "GIL held for 10 s inside the deadline";

export async function run(context: Context): Promise<Verdict> {
  const findings = new Findings(context.form);
  const seconds = context.times(3, 10);
  for (const lane of ["exclusive", "async"] as const) {
    const pool = context.pool({ size: 1, lane, heartbeat: { interval: 200, misses: 3 } });
    const pid = await pool.call("faults.pid");
    const held = await settleWithin(60_000, pool.call("faults.c_loop", { seconds }, { timeout: 55_000 }));
    findings.expect(held.outcome === "ok", `${lane}: ${held.outcome} after ${Math.round(held.ms)} ms`);
    findings.expect(held.ms > seconds * 500, `${lane}: the lock was held for ${Math.round(held.ms)} ms only, so this proves nothing`);
    findings.expect((await pool.call("faults.pid")) === pid, `${lane}: another worker answers`);
    findings.expect(pool.stats().restarts === 0, `${lane}: ${pool.stats().restarts} restarts`);
    await pool.close();
  }
  return findings.verdict(0, "workers", `lost while the lock was held for ${seconds} s in each lane`);
}

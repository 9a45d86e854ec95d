/** A deadline that passes while Python runs: the caller is free at once, the worker only when the call has ended. */
import type { Context } from "../harness/context.ts";
import { Findings, type Verdict } from "../harness/scenario.ts";
import { settleWithin, until } from "../harness/settle.ts";

export const scenario = 13;
export const name = "timeout while Python runs";

export async function run(context: Context): Promise<Verdict> {
  const findings = new Findings(context.form);
  const pool = context.pool({ size: 1, lane: "exclusive", killGrace: 300 });
  await pool.start();
  let pid = await pool.call("faults.pid");
  let worst = 0;
  const timeout = async (op: string, where: string) => {
    const settled = await settleWithin(20_000, pool.call(op, { seconds: 4 }, { timeout: 200 }));
    worst = Math.max(worst, settled.ms - 200);
    findings.expect(settled.outcome === "timeout", `${where}: ${settled.outcome}`);
    findings.within(settled.ms, 300, `${where}: a caller with a deadline of 200 ms`);
    return settleWithin(20_000, pool.call("faults.pid"));
  };
  for (const op of ["faults.spin", "faults.nap", "faults.receive"]) {
    const next = await timeout(op, op);
    findings.expect(next.outcome === "ok" && next.value === pid, `${op}: the worker was not kept (${next.outcome})`);
    findings.within(next.ms, 150, `${op}: the worker was free`);
    pid = next.value ?? pid;
  }
  const killed = await timeout("faults.c_loop", "C call");
  findings.expect(killed.outcome === "ok" && killed.value !== pid, `C call: the worker was not replaced (${killed.outcome})`);
  findings.expect(killed.ms > 150, "C call: another call was given to a worker that was not free");
  findings.within(killed.ms, 1000, "C call: the next answer");

  // The async lane: others in the same worker are not disturbed.
  const shared = context.pool({ size: 1, lane: "async" });
  const neighbour = settleWithin(20_000, shared.call("faults.nap_async", { seconds: 0.6 }));
  await until(10_000, () => shared.stats().busy === 1);
  const late = await settleWithin(20_000, shared.call("faults.nap_async", { seconds: 5 }, { timeout: 100 }));
  findings.expect(late.outcome === "timeout", `async: ${late.outcome}`);
  findings.within(late.ms, 300, "async");
  findings.expect((await neighbour).outcome === "ok", `async: the neighbour ${(await neighbour).outcome}`);
  return findings.verdict(worst, "ms", "worst time a caller waited beyond its deadline");
}

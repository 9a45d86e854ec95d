/** A child that a worker put into a session of its own (as daemons do) ends with the worker, and with the pool. */
import type { Context } from "../harness/context.ts";
import { facts, isAlive, type ProcessFacts } from "../harness/proc.ts";
import { Findings, type Verdict } from "../harness/scenario.ts";
import { settleWithin, until } from "../harness/settle.ts";

export const scenario = 4;
export const name = "worker's own child in a new session";

export async function run(context: Context): Promise<Verdict> {
  const findings = new Findings(context.form);
  const worst: number[] = [];
  const child = async (pool: ReturnType<Context["pool"]>): Promise<ProcessFacts | undefined> =>
    facts((await pool.call("faults.daemon", { seconds: 120 }, { timeout: 10_000 })) as number);

  // The sandbox refuses the fork; without it the zygote adopts and ends what dead workers leave.
  const locked = context.pool({ size: 1 });
  const refused = await settleWithin(10_000, locked.call("faults.daemon", { seconds: 120 }));
  if (locked.stats().sandbox !== "none")
    findings.expect(refused.outcome === "python_exception", `forking in the sandbox: ${refused.outcome}`);

  for (let round = 0; round < context.times(1, 3); round++) {
    const pool = context.pool({ size: 1, sandbox: "off" });
    const first = await child(pool);
    findings.expect(first !== undefined && isAlive(first), "the child did not start, so this proves nothing");
    process.kill(pool.stats().pids[0]!, "SIGKILL");
    const swept = first && (await until(3000, () => !isAlive(first)));
    findings.expect(swept !== undefined, "the child outlived its worker");
    worst.push(swept ?? 3000);
    const second = await child(pool);
    await pool.close();
    const closed = second && (await until(3000, () => !isAlive(second)));
    findings.expect(closed !== undefined, "the child outlived its pool");
    worst.push(closed ?? 3000);
    for (const left of [first, second]) if (left && isAlive(left)) process.kill(left.pid, "SIGKILL");
  }
  findings.within(Math.max(...worst), 250, "a child alive after its worker or pool");
  return findings.verdict(Math.max(...worst), "ms", "worst time a child outlived its worker or pool");
}

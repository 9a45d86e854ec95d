/** A thread in the zygote (a package's import started it): it is not forked; workers are spawned, and the pool says why. */
import type { Context } from "../harness/context.ts";
import { environmentWith } from "../harness/environment.ts";
import { facts } from "../harness/proc.ts";
import { Findings, type Verdict } from "../harness/scenario.ts";
import { settleWithin } from "../harness/settle.ts";

export const scenario = 32;
export const name = "fork after a thread was started in the zygote";

export async function run(context: Context): Promise<Verdict> {
  const findings = new Findings(context.form);
  const usual = context.pool({ size: 1 });
  const forked = facts((await usual.call("faults.pid")) as number)!;
  findings.expect(forked.ppid !== process.pid, "without a thread the pool does not fork");
  findings.expect(usual.stats().start === "fork", `without a thread: ${usual.stats().start}`);

  // As a package would that starts a thread when it is imported.
  const interpreter = await environmentWith(
    context.folderFor("threaded"),
    "threading.Thread(target=time.sleep, args=(3600,), daemon=True).start()",
  );
  const pool = context.pool({ size: 2, lane: "exclusive", interpreter });
  const served = await Promise.all([1, 2].map(() => settleWithin(40_000, pool.call("faults.pid"))));
  for (const { outcome, value } of served) {
    findings.expect(outcome === "ok", `with a thread: ${outcome}`);
    if (outcome === "ok") findings.expect(facts(value as number)!.ppid === process.pid, "with a thread the worker was forked all the same");
  }
  const { start } = pool.stats();
  findings.expect(start !== "fork" && /thread/.test(start), `stats give no reason: ${start}`);
  return findings.verdict(Math.max(...served.map(({ ms }) => ms)), "ms", `first answer by spawning; reason given: ${start}`);
}

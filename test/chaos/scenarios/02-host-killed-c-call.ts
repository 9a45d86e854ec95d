/** SIGKILL of the host while every worker holds the interpreter's lock inside a C call: no thread of it can look for an end of file. */
import type { Context } from "../harness/context.ts";
import { marked } from "../harness/proc.ts";
import { Findings, type Verdict } from "../harness/scenario.ts";
import { sleep, until } from "../harness/settle.ts";
import { BOUND, killHost } from "../harness/survival.ts";

export const scenario = 2;
export const name = "host killed while workers hold the GIL in C";

export async function run(context: Context): Promise<Verdict> {
  const findings = new Findings(context.form);
  const left: number[] = [];
  const kills = context.times(3, 10, 40);
  for (let attempt = 0; left.length < kills && attempt < kills * 2; attempt++) {
    // One worker a core would starve the watcher too.
    const host = context.host("busy.ts", ["1", "faults.c_loop", "20"]);
    // busy.ts cannot say that it is ready: no worker of it answers. The zygote and a worker, and that computes.
    const seen = await until(
      20_000,
      () => marked(host.folder).length === 2 && marked(host.folder).some((p) => p.state === "R" && p.ppid !== host.pid),
      20,
    );
    findings.expect(seen !== undefined, "the worker never got to its C call");
    await sleep(400);
    const { ms, undecided } = await killHost(host);
    if (!undecided) left.push(ms);
  }
  const worst = Math.max(...left);
  findings.within(worst, BOUND, "Python alive after its host");
  return findings.verdict(worst, "ms", `worst of ${left.length}`);
}

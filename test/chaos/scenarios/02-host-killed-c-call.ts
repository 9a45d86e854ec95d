/** SIGKILL of the host while every worker holds the interpreter's lock inside a C call: no thread of it can look for an end of file. */
import type { Context } from "../harness/context.ts";
import { isAlive, marked } from "../harness/proc.ts";
import { Findings, type Verdict } from "../harness/scenario.ts";
import { sleep, until } from "../harness/settle.ts";

export const scenario = 2;
export const name = "host killed while workers hold the GIL in C";

export async function run(context: Context): Promise<Verdict> {
  const findings = new Findings();
  const left: number[] = [];
  for (let i = 0; i < context.times(2, 8, 30); i++) {
    const host = context.host("busy.ts", ["2", "faults.c_loop", "20"]);
    // busy.ts cannot say that it is ready: no worker of it answers.
    const seen = await until(15_000, () => marked(host.folder).filter((p) => p.state === "R").length >= 2, 20);
    findings.expect(seen !== undefined, "the workers never got to their C call");
    await sleep(300);
    const pythons = marked(host.folder);
    host.kill();
    left.push((await until(5000, () => !pythons.some(isAlive), 1)) ?? 5000);
    findings.expect(marked(host.folder).length === 0, "a process was left");
  }
  const worst = Math.max(...left);
  findings.expect(worst < 250, `Python alive ${Math.round(worst)} ms after its host`);
  return findings.verdict(worst, "ms", `worst of ${left.length}`);
}

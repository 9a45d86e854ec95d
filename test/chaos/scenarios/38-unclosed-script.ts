/** A script that never closes its pool ends by itself, with its own code, and leaves nothing. */
import type { Context } from "../harness/context.ts";
import { marked } from "../harness/proc.ts";
import { Findings, type Verdict } from "../harness/scenario.ts";
import { sleep, until } from "../harness/settle.ts";

export const scenario = 38;
export const name = "script without close()";

export async function run(context: Context): Promise<Verdict> {
  const findings = new Findings(context.form);
  let worst = 0;
  for (const [how, code, status] of [
    ["return", "0", 0],
    ["return", "3", 3],
    ["exit", "4", 4],
    ["throw", "0", 1],
    ["in-flight", "6", 6],
    ["session", "0", 0],
  ] as const) {
    const host = context.host("unclosed.ts", [how, code]);
    const said = await host.said<{ value: number }>();
    findings.expect(said?.value === 3, `${how}: ${JSON.stringify(said)} ${said ? "" : host.stderr.slice(-200)}`);
    const start = performance.now();
    const ended = await Promise.race([host.exited, sleep(10_000)]);
    findings.expect(
      ended !== undefined && ended.code === status,
      `${how} ${code}: ${ended ? `code ${ended.code}, signal ${ended.signal}` : "hangs"}`,
    );
    worst = Math.max(worst, performance.now() - start);
    host.kill();
    findings.expect((await until(500, () => marked(host.folder).length === 0)) !== undefined, `${how}: Python is left`);
  }
  findings.within(worst, 2000, "the end");
  return findings.verdict(worst, "ms", "from the last answer to the script's end");
}

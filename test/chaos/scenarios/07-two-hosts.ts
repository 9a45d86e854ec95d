/** Two hosts in one folder with pools of one name: neither touches the other's workers or door, however either ends. */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import type { Context } from "../harness/context.ts";
import { facts, isAlive, type ProcessFacts } from "../harness/proc.ts";
import { Findings, type Verdict } from "../harness/scenario.ts";
import { until } from "../harness/settle.ts";

export const scenario = 7;
export const name = "two hosts in one folder";

export async function run(context: Context): Promise<Verdict> {
  const findings = new Findings(context.form);
  const folder = context.folderFor("both");
  const start = async () => {
    const host = context.host("neighbour.ts", ["twin"], { TMPDIR: folder });
    const said = await host.said<{ pids: number[] }>();
    const workers = (said?.pids ?? []).flatMap((pid) => facts(pid) ?? []);
    findings.expect(workers.length > 0, `a host did not start: ${host.stderr.slice(-300)}`);
    return { host, workers };
  };
  const [first, second] = [await start(), await start()];
  const answers = async (what: string, { host, workers }: { host: Awaited<ReturnType<typeof start>>["host"]; workers: ProcessFacts[] }) => {
    findings.expect(workers.every(isAlive), `a worker of the survivor died ${what}`);
    host.child.stdin!.write(`${JSON.stringify({ op: "faults.add", args: { a: 2, b: 3 } })}\n`);
    const said = await host.said<{ value?: number }>();
    findings.expect(said?.value === 5, `the survivor did not answer ${what}: ${JSON.stringify(said)}`);
  };
  first.host.kill();
  const gone = await until(1000, () => !first.workers.some(isAlive), 1);
  findings.expect(gone !== undefined, "the killed host's workers live");
  await answers("when the other was killed", second);
  // A third start in the same folder must not sweep the second's.
  const third = await start();
  await answers("when a third started", second);
  third.host.child.stdin!.write(`${JSON.stringify({ op: "close" })}\n`);
  await third.host.said();
  await answers("when the third closed", second);
  // One in a container of its own is the first process there: its number here is somebody else's, and its door is in use.
  const container = process.getuid?.() === 0 ? ["unshare", "-pf", "--mount-proc"] : ["unshare", "-rpf", "--mount-proc"];
  let contained = "";
  if (spawnSync(container[0]!, [...container.slice(1), "true"]).status === 0) {
    const inside = context.host("neighbour.ts", ["twin"], { TMPDIR: folder }, container);
    await inside.said();
    const fourth = await start();
    const doors = readdirSync(folder).filter((name) => name.startsWith("dspex-"));
    findings.expect(doors.length === 3, `${doors.length} folders of the second, the contained and the fourth host: ${doors.join(", ")}`);
    await answers("when one in a container started", second);
    for (const { child } of [inside, fourth.host]) child.stdin!.write(`${JSON.stringify({ op: "close" })}\n`);
    await Promise.all([inside.said(), fourth.host.said()]);
  } else contained = "; no namespace for a container here";
  return findings.verdict(gone ?? 1000, "ms", `until the killed host's workers were gone; the others' all lived${contained}`);
}

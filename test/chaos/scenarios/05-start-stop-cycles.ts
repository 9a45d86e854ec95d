/** Pools opened and closed again and again: nothing grows, nothing stays. */
import { readdirSync } from "node:fs";
import type { Context } from "../harness/context.ts";
import { descriptors, marked } from "../harness/proc.ts";
import { Findings, type Verdict } from "../harness/scenario.ts";
import { settleWithin, until } from "../harness/settle.ts";

export const scenario = 5;
export const name = "start and stop cycles";

export async function run(context: Context): Promise<Verdict> {
  const findings = new Findings(context.form);
  const cycle = async () => {
    const pool = context.pool({ size: 2, min: 2 });
    await pool.start();
    const answer = await settleWithin(20_000, pool.call("faults.add", { a: 1, b: 2 }));
    findings.expect(answer.outcome === "ok", `a call: ${answer.outcome}`);
    findings.expect(pool.stats().pids.length <= 2, "more workers than the pool's size");
    await pool.close();
    findings.expect((await until(500, () => marked(context.folder).length === 0, 5)) !== undefined, "a process outlived its pool");
  };
  await cycle();
  const before = { descriptors: descriptors(process.pid), entries: readdirSync(context.folder).length };
  const cycles = context.times(3, 20, 100);
  for (let i = 0; i < cycles; i++) await cycle();
  const grown =
    (await until(500, () => descriptors(process.pid) <= before.descriptors)) === undefined
      ? descriptors(process.pid) - before.descriptors
      : 0;
  findings.expect(grown === 0, `${grown} descriptors more after ${cycles} cycles`);
  const entries = readdirSync(context.folder);
  findings.expect(entries.length <= before.entries, `left in the temporary folder: ${entries.join(", ")}`);
  return findings.verdict(grown, "descriptors", `grown in ${cycles} cycles`);
}

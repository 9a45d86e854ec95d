/**
 * Garbage, oversized, truncated, wrong-version and out-of-place frames, live and in both directions: a worker that
 * lies to the pool, and a host that lies to a worker. The connection is poisoned, the worker replaced, no part seen.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../harness/context.ts";
import { LIES, liesToPython, lyingInterpreter } from "../harness/liars.ts";
import { Findings, type Verdict } from "../harness/scenario.ts";
import { settleWithin } from "../harness/settle.ts";

export const scenario = 27;
export const name = "broken frames, to the pool and to a worker";
export const limit: Record<string, number> = { short: 120, ci: 300, long: 300 };

export async function run(context: Context): Promise<Verdict> {
  const findings = new Findings(context.form);
  let worst = 0;
  const folder = context.folderFor("lies");
  const interpreter = await lyingInterpreter(folder);
  // Each costs a spawned worker and the honest one after it; the short form takes some of either kind.
  const lies = context.form === "short" ? LIES.filter((_, i) => i % 4 === 1) : LIES;
  for (const lie of lies) {
    // The first worker takes the lie; those after it are honest.
    writeFileSync(join(folder, "lie"), lie);
    const pool = context.pool({ size: 1, lane: "exclusive", start: "spawn", interpreter });
    const lied = await settleWithin(20_000, pool.call("faults.add", { a: 20, b: 22 }, { idempotent: false }));
    const typed = lied.outcome !== "never" && !lied.outcome.startsWith("untyped");
    findings.expect(
      typed && lied.outcome !== "ok",
      `a worker that says ${lie}: ${lied.outcome} ${JSON.stringify(lied.value)?.slice(0, 80) ?? ""}`,
    );
    worst = Math.max(worst, lied.ms);
    const next = await settleWithin(20_000, pool.call("faults.add", { a: 20, b: 22 }));
    findings.expect(next.value === 42, `after a worker that says ${lie}: ${next.outcome} ${JSON.stringify(next.value)}`);
    await pool.close();
  }
  for (const who of ["worker", "zygote"] as const) {
    for (const { lie, ended, ms, partial, next } of await liesToPython(context, who)) {
      findings.expect(ended, `a ${who} that hears ${lie} lives on`);
      findings.expect(!partial, `a ${who} that hears ${lie} ran a part of it`);
      findings.expect(next === "ok", `after a ${who} that heard ${lie}: ${next}`);
      if (who === "worker") worst = Math.max(worst, ms);
    }
  }
  return findings.verdict(worst, "ms", `worst of ${lies.length} lies told to the pool; every lie to a worker and to its zygote`);
}

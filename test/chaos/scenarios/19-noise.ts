/** A flood on stdout and stderr, text that looks like the protocol, closed streams: results stay right, memory bounded. */
import type { Context } from "../harness/context.ts";
import { Findings, type Verdict } from "../harness/scenario.ts";
import { settleWithin } from "../harness/settle.ts";

export const scenario = 19;
export const name = "noise on stdout and stderr, closed streams";

export async function run(context: Context): Promise<Verdict> {
  const findings = new Findings(context.form);
  const megabytes = context.times(32, 256);
  let worst = 0;
  for (const start of ["fork", "spawn"] as const) {
    const pool = context.pool({ size: 1, lane: "exclusive", start });
    const pid = await pool.call("faults.pid");
    globalThis.gc?.();
    const before = process.memoryUsage().rss;
    const flooded = await settleWithin(60_000, pool.call("faults.flood", { megabytes }));
    findings.expect(flooded.value === megabytes, `${start}: the flood ${flooded.outcome}`);
    globalThis.gc?.();
    const grown = (process.memoryUsage().rss - before) / (1 << 20);
    worst = Math.max(worst, grown);
    findings.expect(grown < 48, `${start}: the host grew by ${Math.round(grown)} MB`);
    for (const [op, value] of [
      ["faults.speak_protocol", "spoken"],
      ["faults.close_streams", "closed"],
      ["faults.pid", pid],
    ] as const) {
      const said = await settleWithin(20_000, pool.call(op));
      findings.expect(said.value === value, `${start}: ${op} gave ${said.outcome} ${JSON.stringify(said.value)}`);
    }
    const after = await settleWithin(20_000, pool.call("faults.raise_error", { kind: "value" }));
    findings.expect(after.outcome === "python_exception", `${start}: an error with closed streams: ${after.outcome}`);
    await pool.close();
  }
  return findings.verdict(Math.max(0, worst), "MB", `the host grew while ${2 * megabytes} MB were printed`);
}

/** A pool that cannot start, and one whose workers all crash, beside a healthy one: it serves as if alone. */
import type { Context } from "../harness/context.ts";
import { Findings, type Verdict } from "../harness/scenario.ts";
import { percentile, settleWithin, tally } from "../harness/settle.ts";

export const scenario = 23;
export const name = "broken pools beside a healthy one";

export async function run(context: Context): Promise<Verdict> {
  const findings = new Findings(context.form);
  const healthy = context.pool({ size: 2 });
  await healthy.call("faults.pid");
  const unstartable = context.pool({ size: 2, interpreter: "/bin/false" });
  const crashing = context.pool({ size: 2, lane: "exclusive" });
  const end = performance.now() + context.times(1500, 5000);
  let broken = 0;
  const trouble = async (call: () => Promise<unknown>) => {
    while (performance.now() < end) {
      const { outcome } = await settleWithin(20_000, call());
      findings.expect(outcome !== "ok" && !/^(untyped|never)/.test(outcome), `a broken pool: ${outcome}`);
      broken++;
    }
  };
  let input = 0;
  const troubles = [trouble(() => unstartable.call("faults.pid")), trouble(() => crashing.call("faults.leave", { code: ++input % 200 }))];
  const served = [];
  while (performance.now() < end) served.push(await settleWithin(10_000, healthy.call("faults.add", { a: 1, b: 2 })));
  await Promise.all(troubles);
  findings.expect(
    served.every(({ outcome }) => outcome === "ok"),
    `the healthy pool: ${JSON.stringify(tally(served))}`,
  );
  findings.expect(broken > 5, "the broken pools were hardly tried");
  const p99 = percentile(
    served.map(({ ms }) => ms),
    0.99,
  );
  findings.within(p99, 100, "99 % of the healthy pool's calls");
  return findings.verdict(p99, "ms", `99th percentile of ${served.length} calls beside ${broken} failures`);
}

/** A consumer that leaves after 3 of 10 chunks: the producer is closed, its clean-up runs, the worker is free again. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../harness/context.ts";
import { Findings, type Verdict } from "../harness/scenario.ts";
import { settleWithin, until } from "../harness/settle.ts";

export const scenario = 15;
export const name = "stream consumer stops after 3 of 10";

export async function run(context: Context): Promise<Verdict> {
  const findings = new Findings(context.form);
  const folder = context.folderFor("marks");
  let worst = 0;
  for (const lane of ["exclusive", "async"] as const) {
    const op = lane === "async" ? "streams.numbers_async" : "streams.numbers";
    const pool = context.pool({ size: 1, lane, permissions: { write: [folder] } });
    const pid = await pool.call("faults.pid");
    for (const how of ["break", "throw", "return"] as const) {
      const mark = join(folder, `${lane}-${how}`);
      const seen = await settleWithin(10_000, consume(pool.stream(op, { count: 10, mark, pause: 0.02 }), how));
      findings.expect(seen.outcome === (how === "throw" ? "untyped Error: enough" : "ok"), `${lane}, ${how}: ${seen.outcome}`);
      // A file is there before its first line is.
      const left = (): string => (existsSync(mark) ? readFileSync(mark, "utf8") : "");
      const closed = await until(1000, () => left().endsWith("\n"));
      findings.expect(closed !== undefined, `${lane}, ${how}: the producer's clean-up did not run`);
      worst = Math.max(worst, closed ?? 1000);
      if (closed !== undefined) {
        const made = Number(/\d+/.exec(left())?.[0]);
        findings.expect(made < 10, `${lane}, ${how}: it made ${made} of 10 though nobody took them`);
      }
      const next = await settleWithin(5000, pool.call("faults.pid"));
      findings.expect(next.value === pid, `${lane}, ${how}: the worker was not kept (${next.outcome})`);
    }
    const broken = await settleWithin(
      5000,
      (async () => {
        for await (const _ of pool.stream("streams.breaks", { after: 2 }));
      })(),
    );
    if (lane === "exclusive") findings.expect(broken.outcome === "python_exception", `a stream that breaks: ${broken.outcome}`);
    await pool.close();
  }
  return findings.verdict(worst, "ms", "worst time from the consumer's leaving to the producer's clean-up");
}

async function consume(stream: AsyncIterable<unknown>, how: "break" | "throw" | "return"): Promise<number> {
  let seen = 0;
  for await (const _ of stream) {
    if (++seen < 3) continue;
    if (how === "throw") throw new Error("enough");
    if (how === "return") return seen;
    break;
  }
  return seen;
}

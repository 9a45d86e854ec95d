/** A slow consumer: the producer waits, the buffer is bounded, nothing is lost, neighbours in the same worker are served. */
import type { Context } from "../harness/context.ts";
import { Findings, type Verdict } from "../harness/scenario.ts";
import { settleWithin, sleep } from "../harness/settle.ts";

export const scenario = 16;
export const name = "slow stream consumer";
const CHUNK = 100_000;
/** The window and one chunk beyond it, twice over: what is on its way and what waits to be taken. */
const LEAD = Math.ceil(((256 << 10) / CHUNK + 1) * 2);

export async function run(context: Context): Promise<Verdict> {
  const findings = new Findings(context.form);
  const count = context.times(60, 200);
  let worst = 0;
  for (const lane of ["exclusive", "async"] as const) {
    const pool = context.pool({ size: 1, lane });
    const op = lane === "async" ? "streams.numbers_async" : "streams.numbers";
    await pool.call("faults.pid");
    const numbers: number[] = [];
    const taken: number[] = [];
    const made: number[] = [];
    const neighbours: Promise<{ outcome: string; ms: number }>[] = [];
    const stream = (async () => {
      for await (const chunk of pool.stream(op, { count, size: CHUNK })) {
        const { number, made: at, body } = chunk as { number: number; made: number; body: Uint8Array };
        numbers.push(number);
        made.push(at * 1000);
        taken.push(Date.now());
        findings.expect(body.length === CHUNK, `${lane}: a chunk of ${body.length} bytes`);
        if (lane === "async" && number % 20 === 10) neighbours.push(settleWithin(5000, pool.call("faults.pid_async")));
        await sleep(5);
      }
    })();
    const ended = await settleWithin(30_000, stream);
    findings.expect(ended.outcome === "ok", `${lane}: ${ended.outcome}`);
    findings.expect(
      numbers.length === count && numbers.every((n, i) => n === i),
      `${lane}: ${numbers.length} of ${count} chunks, or out of order`,
    );
    for (const [i, at] of made.entries()) worst = Math.max(worst, i - taken.filter((t) => t <= at).length);
    for (const { outcome, ms } of await Promise.all(neighbours)) {
      findings.expect(outcome === "ok", `a neighbour: ${outcome}`);
      findings.within(ms, 1000, "a neighbour");
    }
    await pool.close();
  }
  findings.expect(worst <= LEAD, `the producer was ${worst} chunks ahead; ${LEAD} would be its window`);
  return findings.verdict(worst, "chunks", `of ${CHUNK / 1000} kB the producer was ahead at most`);
}

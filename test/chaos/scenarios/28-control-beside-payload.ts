/** Payloads of 64 MB on their way to and from a worker, pings and cancels beside them. */
import type { Context } from "../harness/context.ts";
import { Findings, type Verdict } from "../harness/scenario.ts";
import { percentile, settleWithin, sleep } from "../harness/settle.ts";

export const scenario = 28;
export const name = "64 MB payload beside control frames";

export async function run(context: Context): Promise<Verdict> {
  const findings = new Findings(context.form);
  const pool = context.pool({ size: 1, lane: "async", memory: "2GB", maxQueueBytes: 1 << 30 });
  await pool.call("faults.pid");
  // Just below a message's limit of 64 MiB, the envelope included.
  const data = new Uint8Array((64 << 20) - (64 << 10));
  for (let i = 0; i < data.length; i += 4096) data[i] = i >> 12;
  const latencies: number[] = [];
  for (let round = 0; round < context.times(4, 10); round++) {
    let moving = true;
    const payload = settleWithin(30_000, pool.call("faults.measure_async", { data })).finally(() => {
      moving = false;
    });
    while (moving) {
      const { outcome, ms } = await settleWithin(5000, pool.call("faults.pid_async"));
      findings.expect(outcome === "ok", `a small call: ${outcome}`);
      latencies.push(ms);
    }
    const { outcome, value } = await payload;
    findings.expect(value === data.length, `64 MB there: ${outcome}`);
    const back = await settleWithin(30_000, pool.call("faults.echo_async", { value: data }));
    findings.expect(
      back.value instanceof Uint8Array && back.value.length === data.length && Buffer.compare(back.value, data) === 0,
      `64 MB there and back: ${back.outcome}`,
    );

    const stop = new AbortController();
    const cancelled = settleWithin(5000, pool.call("faults.nap_async", { seconds: 20 }, { signal: stop.signal }));
    const beside = settleWithin(30_000, pool.call("faults.measure_async", { data }));
    await sleep(5);
    stop.abort();
    const { outcome: ended, ms } = await cancelled;
    findings.expect(ended === "cancelled", `a cancel beside 64 MB: ${ended}`);
    findings.within(ms, 200, "a cancel beside 64 MB");
    await beside;
  }
  const huge = await settleWithin(10_000, pool.call("faults.measure", { data: new Uint8Array(65 << 20) }));
  findings.expect(huge.outcome === "ok" || huge.outcome === "unserialisable", `more than a message holds: ${huge.outcome}`);
  const p99 = percentile(latencies, 0.99);
  findings.within(p99, 50, "99 % of small calls");
  return findings.verdict(p99, "ms", `99th percentile of ${latencies.length} small calls beside 64 MB`);
}

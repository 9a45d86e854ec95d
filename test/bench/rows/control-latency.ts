/** Small calls of a worker while 64 MB are on their way to it. */
import { type Benchmark, row } from "../harness.ts";
import { benchPool } from "./bridge/pool.ts";

const GOAL = 50;

const benchmark: Benchmark = {
  name: "control-latency",
  goal: `p99 < ${GOAL} ms beside 64 MB`,
  async run() {
    const pool = benchPool({ lane: "async", memory: "2GB", maxQueueBytes: 1 << 30 });
    await pool.call("measured.small");
    // As much as one message holds, the envelope included.
    const data = new Uint8Array((64 << 20) - (64 << 10));
    const taken: number[] = [];
    for (let round = 0; round < 10; round++) {
      let moving = true;
      const payload = pool.call("measured.measure_async", { data }).finally(() => {
        moving = false;
      });
      while (moving) {
        const start = performance.now();
        await pool.call("measured.small");
        taken.push(performance.now() - start);
      }
      await payload;
    }
    await pool.close();
    const p99 = taken.sort((a, b) => a - b)[Math.floor(taken.length * 0.99)]!;
    return row(benchmark, {
      ours: p99,
      ratio: p99 / GOAL,
      kept: p99 < GOAL,
      unit: "ms",
      note: `of ${taken.length} small calls, the worst ${taken.at(-1)!.toFixed(1)} ms`,
    });
  },
};
export default benchmark;

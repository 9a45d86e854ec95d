/** A worker is killed: the next call's answer, by the worker that replaces it. */
import type { PoolOptions } from "../../../runtime/python/index.ts";
import { type Benchmark, median, row } from "../harness.ts";
import { benchPool } from "./bridge/pool.ts";

const GOAL = 10;

async function replaced(options: PoolOptions, times: number): Promise<number> {
  const pool = benchPool({ lane: "exclusive", ...options });
  const taken: number[] = [];
  for (let i = -1; i < times; i++) {
    await pool.call("noop");
    const [pid] = pool.stats().pids;
    const start = performance.now();
    process.kill(pid!, "SIGKILL");
    await pool.call("noop", null, { idempotent: true });
    if (i >= 0) taken.push(performance.now() - start);
    if (pool.stats().pids.includes(pid!)) throw new Error("the killed worker answered");
  }
  await pool.close();
  return median(taken);
}

const benchmark: Benchmark = {
  name: "worker-replace",
  goal: `<= ${GOAL} ms`,
  async run() {
    const ours = await replaced({}, 21);
    const spawned = await replaced({ start: "spawn" }, 3);
    return row(benchmark, {
      ours,
      peers: { spawn: spawned },
      ratio: ours / GOAL,
      kept: ours <= GOAL,
      unit: "ms",
      note: "from SIGKILL to the next answer, sandbox on",
    });
  },
};
export default benchmark;

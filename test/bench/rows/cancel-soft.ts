/** From an abort to the next answer of the same worker, which was in the middle of a Python loop. */
import { type Benchmark, median, row } from "../harness.ts";
import { benchPool, until } from "./bridge/pool.ts";

const GOAL = 5;
const benchmark: Benchmark = {
  name: "cancel-soft",
  goal: `<= ${GOAL} ms`,
  async run() {
    const pool = benchPool({ lane: "exclusive" });
    await pool.call("noop");
    const [pid] = pool.stats().pids;
    const taken: number[] = [];
    for (let i = 0; i < 41; i++) {
      const stop = new AbortController();
      const call = pool.call("measured.spin", { seconds: 20 }, { signal: stop.signal }).catch((error: { code?: string }) => error.code);
      await until(() => pool.stats().busy === 1);
      await new Promise((resolve) => setTimeout(resolve, 30));
      const start = performance.now();
      stop.abort();
      if ((await call) !== "cancelled") throw new Error("the call was not cancelled");
      await pool.call("noop");
      taken.push(performance.now() - start);
    }
    const kept = pool.stats().pids.includes(pid!);
    await pool.close();
    const ours = median(taken);
    return row(benchmark, {
      ours,
      ratio: ours / GOAL,
      kept: kept && ours <= GOAL,
      unit: "ms",
      note: kept ? `worst of ${taken.length}: ${Math.max(...taken).toFixed(1)} ms` : "the worker was killed and not cancelled",
    });
  },
};
export default benchmark;

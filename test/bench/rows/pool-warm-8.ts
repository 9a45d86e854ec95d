/** Eight workers from a warm zygote: forked, connected, greeted, locked in, and running a call each. */
import type { PoolOptions } from "../../../runtime/python/index.ts";
import { type Benchmark, median, row } from "../harness.ts";
import { benchPool, until } from "./bridge/pool.ts";

const GOAL = 50;

/** From eight calls to the moment the last of them runs, each in a worker that was not there before. */
async function eight(options: PoolOptions, times: number): Promise<number[]> {
  const taken: number[] = [];
  const pool = benchPool({ size: 8, lane: "exclusive", ...options });
  await pool.call("noop");
  for (let i = 0; i < times; i++) {
    for (const pid of pool.stats().pids) process.kill(pid, "SIGKILL");
    await until(() => pool.stats().pids.length === 0);
    const start = Date.now();
    const began = (await Promise.all(
      Array.from({ length: 8 }, () => pool.call("measured.hold", { seconds: options.start === "spawn" ? 3 : 0.2 })),
    )) as number[];
    taken.push(Math.max(...began) * 1000 - start);
  }
  await pool.close();
  return taken;
}

const benchmark: Benchmark = {
  name: "pool-warm-8",
  goal: `<= ${GOAL} ms`,
  async run() {
    const ours = median(await eight({}, 9));
    const spawned = median(await eight({ start: "spawn" }, 1));
    return row(benchmark, { ours, peers: { spawn: spawned }, ratio: ours / GOAL, kept: ours <= GOAL, unit: "ms", note: "sandbox on" });
  },
};
export default benchmark;

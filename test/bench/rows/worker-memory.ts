/** What a worker holds for itself after 500 Predicts and a collection; what it shares with its zygote is not counted. */
import { readFileSync } from "node:fs";
import { predict } from "../../../runtime/index.ts";
import type { PoolOptions } from "../../../runtime/python/index.ts";
import { type Benchmark, row } from "../harness.ts";
import { benchPool } from "./bridge/pool.ts";
import { COMPLETION, INPUTS, questionAnswer } from "./bridge/qa.ts";

const GOAL = 10;
const CALLS = 500;

async function held(options: PoolOptions): Promise<number> {
  const pool = benchPool(options);
  const module = predict(questionAnswer(), { route: "python", pool: pool.name, lm: () => COMPLETION });
  for (let i = 0; i < CALLS; i++) await module(INPUTS);
  await pool.call("measured.collect");
  const [pid] = pool.stats().pids;
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "latin1");
  const kilobytes = [...rollup.matchAll(/^Private_(?:Clean|Dirty):\s+(\d+) kB/gm)].reduce((sum, [, size]) => sum + Number(size), 0);
  await pool.close();
  return kilobytes / 1024;
}

const benchmark: Benchmark = {
  name: "worker-memory",
  goal: `<= ${GOAL} MB private`,
  async run() {
    const ours = await held({ lane: "exclusive" });
    const shared = await held({ lane: "async" });
    const spawned = await held({ lane: "exclusive", start: "spawn" });
    const worse = Math.max(ours, shared);
    return row(benchmark, {
      ours: worse,
      peers: { spawn: spawned },
      ratio: worse / GOAL,
      kept: worse <= GOAL,
      unit: "MB",
      note: `the greater of both lanes: exclusive ${ours.toFixed(1)}, async ${shared.toFixed(1)}`,
    });
  },
};
export default benchmark;

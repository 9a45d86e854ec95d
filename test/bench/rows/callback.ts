/** A callback: Python asks, TypeScript answers. */
import { type Benchmark, median, row } from "../harness.ts";
import { pinned } from "./bridge/pinned.ts";

const GOAL = 80;
const benchmark: Benchmark = {
  name: "callback",
  goal: `<= ${GOAL} us`,
  async run() {
    const ours = median(await pinned<number[]>("callbacks.ts"));
    return row(benchmark, { ours, ratio: ours / GOAL, kept: ours <= GOAL, unit: "us", note: "pinned to one core" });
  },
};
export default benchmark;

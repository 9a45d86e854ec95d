/** ChainOfThought's messages for one call, fixed parts ready. */
import { simpleFormat } from "../../../runtime/native/simple.ts";
import { type Benchmark, perCall, row } from "../harness.ts";
import { ax } from "./native/ax.ts";
import { dspy } from "./native/dspy.ts";
import { inputs, layout } from "./native/program.ts";

const GOAL_US = 2;
const benchmark: Benchmark = {
  name: "render",
  goal: "<= 2 us",
  async run() {
    const other = await ax();
    const taken = await perCall<string>({ ours: () => simpleFormat(layout, [], inputs), ...(other && { Ax: () => other.render() }) });
    const ours = taken.median("ours");
    const peers = { DSPy: await dspy("render"), Ax: other ? taken.median("Ax") : null };
    return row(benchmark, { ours, peers, ratio: ours / GOAL_US, kept: ours <= GOAL_US, unit: "us" });
  },
};
export default benchmark;

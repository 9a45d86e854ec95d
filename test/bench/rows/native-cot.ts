/** A whole ChainOfThought call with a scripted model: inputs checked, messages made, reply read, outputs checked. */
import { chainOfThought } from "../../../runtime/modules/chain-of-thought.ts";
import { type Benchmark, perCall, row } from "../harness.ts";
import { ax } from "./native/ax.ts";
import { dspy } from "./native/dspy.ts";
import { Answering, inputs, lm } from "./native/program.ts";

const GOAL_US = 15;
const benchmark: Benchmark = {
  name: "native-cot",
  goal: "<= 15 us",
  async run() {
    const module = chainOfThought(Answering, { lm });
    const other = await ax();
    const taken = await perCall<string>({ ours: () => module(inputs), ...(other && { Ax: () => other.forward() }) });
    const ours = taken.median("ours");
    const peers = { DSPy: await dspy("cot"), Ax: other ? taken.median("Ax") : null };
    return row(benchmark, { ours, peers, ratio: ours / GOAL_US, kept: ours <= GOAL_US, unit: "us" });
  },
};
export default benchmark;

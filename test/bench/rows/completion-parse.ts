/** ChainOfThought's reply read into a text, a text and a float. */
import { simpleParse } from "../../../runtime/native/simple.ts";
import { type Benchmark, perCall, row } from "../harness.ts";
import { ax } from "./native/ax.ts";
import { dspy } from "./native/dspy.ts";
import { completion, layout } from "./native/program.ts";

const GOAL_US = 5;
const benchmark: Benchmark = {
  name: "completion-parse",
  goal: "<= 5 us",
  async run() {
    const other = await ax();
    const sides: Record<string, () => unknown> = {
      ours: () => simpleParse(layout, completion),
      ...(other && { forward: () => other.forward(), render: () => other.render() }),
    };
    const taken = await perCall(sides);
    const ours = taken.median("ours");
    // Ax exports no parser: its whole call less its rendering is the nearest there is.
    const peers = { DSPy: await dspy("parse"), Ax: other ? taken.median("forward") - taken.median("render") : null };
    return row(benchmark, { ours, peers, ratio: ours / GOAL_US, kept: ours <= GOAL_US, unit: "us", note: "Ax: forward less render" });
  },
};
export default benchmark;

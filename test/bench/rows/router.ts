/** One decision: both engines asked, the strategy's choice checked. */

import { definitionOf } from "../../../runtime/module.ts";
import { predict } from "../../../runtime/modules/predict.ts";
import { loadEngine } from "../../../runtime/router/engines.ts";
import { ask, decide, strategyOf } from "../../../runtime/router/route.ts";
import { type Benchmark, perCall, row } from "../harness.ts";
import { Answering } from "./lm/signature.ts";

const GOAL = 1;
const benchmark: Benchmark = {
  name: "router",
  goal: `<= ${GOAL} us`,
  async run() {
    await loadEngine("native");
    const { program } = definitionOf(predict(Answering));
    const strategy = strategyOf("hybrid");
    const taken = await perCall({ decision: () => decide(ask(program, "chat"), strategy) });
    const ours = taken.median("decision");
    return row(benchmark, { ours, ratio: ours / GOAL, kept: ours <= GOAL, unit: "us", note: "hybrid, a signature of four fields" });
  },
};
export default benchmark;

/** A call whose result is cached: inputs validated, the key made, the result copied, the prediction built. */
import { scripted } from "../../../runtime/lm/testing.ts";
import { predict } from "../../../runtime/modules/predict.ts";
import { type Benchmark, perCall, row } from "../harness.ts";
import { Answering } from "./lm/signature.ts";

const GOAL = 2;
const benchmark: Benchmark = {
  name: "cache-hit",
  goal: `<= ${GOAL} us`,
  async run() {
    const lm = scripted([{ answer: "Paris", confidence: 0.9 }]);
    const module = predict(Answering, { lm, cache: { ttl: "1h" } });
    const inputs = { question: "What is the capital of France?", context: "France is a country in Europe." };
    await module(inputs);
    const taken = await perCall({ hit: () => module(inputs) });
    const ours = taken.median("hit");
    const note = `${lm.requests.length} request to the model in all`;
    return row(benchmark, { ours, ratio: ours / GOAL, kept: ours <= GOAL && lm.requests.length === 1, unit: "us", note });
  },
};
export default benchmark;

/** A whole DSPy Predict in a worker, its one completion asked of the host, no time for the model. */
import { type Benchmark, Rounds, row } from "../harness.ts";
import { pinned } from "./bridge/pinned.ts";

const benchmark: Benchmark = {
  name: "predict-bridge",
  goal: "<= 1.3x the same Predict with an in-process engine",
  async run() {
    const taken = new Rounds(await pinned<Record<string, number[]>>("predicts.ts"));
    const ratio = taken.ratio("ours", "engine");
    const note = `exclusive lane; on the async lane ${Math.round(taken.median("async lane"))} us; all sides pinned to one core`;
    return row(benchmark, {
      ours: taken.median("ours"),
      limit: taken.median("engine"),
      peers: { DSPy: taken.median("DSPy") },
      ratio,
      kept: ratio <= 1.3,
      unit: "us",
      note,
    });
  },
};
export default benchmark;

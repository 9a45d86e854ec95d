/** The first answer of a pool that was not there, against a bare Python that imports dspy and predicts once. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { predict } from "../../../runtime/index.ts";
import { type Benchmark, milliseconds, rounds, row } from "../harness.ts";
import { interpreter } from "./bridge/interpreter.ts";
import { benchPool } from "./bridge/pool.ts";
import { COMPLETION, INPUTS, questionAnswer } from "./bridge/qa.ts";

const benchmark: Benchmark = {
  name: "python-cold",
  goal: "<= 1.3x bare `import dspy` + first predict",
  async run() {
    const python = await interpreter();
    const signature = questionAnswer();
    const script = fileURLToPath(new URL("bridge/predicts.py", import.meta.url));
    const taken = await rounds(
      {
        ours: async () => {
          let close = async () => {};
          const taken = await milliseconds(async () => {
            const pool = benchPool();
            close = () => pool.close();
            await predict(signature, { route: "python", pool: pool.name, lm: () => COMPLETION })(INPUTS);
          });
          await close();
          return taken;
        },
        bare: () =>
          milliseconds(async () => {
            const child = spawn(python, ["-B", script, "cold"], { stdio: ["ignore", "pipe", "inherit"] });
            await once(child.stdout, "data");
            await once(child, "close");
          }),
      },
      7,
    );
    const ratio = taken.ratio("ours", "bare");
    return row(benchmark, {
      ours: taken.median("ours"),
      limit: taken.median("bare"),
      peers: { "bare Python": taken.median("bare") },
      ratio,
      kept: ratio <= 1.3,
      unit: "ms",
      note: "from createPool to the first Predict's answer",
    });
  },
};
export default benchmark;

/** A whole Predict in a worker, its completion asked of this process; beside it the same without a bridge. Run pinned. */
import { predict } from "../../../../runtime/index.ts";
import { rounds } from "../../harness.ts";
import { Commanded } from "./commanded.ts";
import { benchPool } from "./pool.ts";
import { COMPLETION, INPUTS, questionAnswer } from "./qa.ts";

const [exclusive, shared] = [benchPool({ lane: "exclusive" }), benchPool({ lane: "async" })];
const options = { route: "python", lm: () => COMPLETION } as const;
const sides = {
  ours: predict(questionAnswer(), { ...options, pool: exclusive.name }),
  "async lane": predict(questionAnswer(), { ...options, pool: shared.name }),
};
const [engine, dummy] = [await Commanded.start("predicts.py", "engine"), await Commanded.start("predicts.py", "dummy")];
async function ours(side: keyof typeof sides, count: number): Promise<number> {
  const start = performance.now();
  for (let i = 0; i < count; i++) if ((await sides[side](INPUTS)).answer !== "Paris") throw new Error("a wrong answer");
  return ((performance.now() - start) * 1000) / count;
}
const taken = await rounds(
  { ours: () => ours("ours", 60), "async lane": () => ours("async lane", 40), engine: () => engine.run(60), DSPy: () => dummy.run(60) },
  15,
  4,
);
engine.close();
dummy.close();
await Promise.all([exclusive.close(), shared.close()]);
process.stdout.write(`\n${JSON.stringify(taken.figures)}\n`, () => process.exit(0));

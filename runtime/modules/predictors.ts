/** DSPy's name for the predictor that a module's own demos and instructions go to (dspy-semantics 4.1, 7.1). */
import type { ProgramKind } from "../router/engine.ts";

const main: Readonly<Record<ProgramKind, string>> = {
  predict: "self",
  chainOfThought: "predict",
  react: "react",
  programOfThought: "code_generate.predict",
  codeAct: "codeact",
  refine: "self",
  bestOfN: "self",
  multiChainComparison: "predict",
  rlm: "generate_action",
  module: "self",
};

export function mainPredictor(kind: ProgramKind): string {
  return main[kind];
}

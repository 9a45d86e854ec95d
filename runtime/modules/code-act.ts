import { whole } from "../check-options.ts";
import type { Module } from "../module-types.ts";
import type { ModuleOptions } from "../options.ts";
import { pythonPredictors } from "../program/python-layout.ts";
import type { Signature } from "../signature.ts";
import type { Tool } from "../tool.ts";
import { declare } from "./declare.ts";
import { several } from "./several.ts";
import { checkTools } from "./tools.ts";

export interface CodeActOptions extends ModuleOptions {
  /** Turns of code and its output; DSPy's default is 5. */
  readonly maxIters?: number;
}

/** Acts by writing Python that calls the tools, which run here: dspy.CodeAct. Runs in Python. */
export function codeAct<I, O>(signature: Signature<I, O>, tools: readonly Tool[], options: CodeActOptions = {}): Module<I, O> {
  return declare(
    {
      kind: "codeAct",
      signature,
      structure: several("codeact", pythonPredictors),
      tools: checkTools("codeAct", tools),
      own: { maxIters: whole(1) },
    },
    { ...options },
  );
}

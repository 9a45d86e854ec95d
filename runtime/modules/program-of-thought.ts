import { whole } from "../check-options.ts";
import type { Module } from "../module-types.ts";
import type { ModuleOptions } from "../options.ts";
import { pythonPredictors } from "../program/python-layout.ts";
import type { Signature } from "../signature.ts";
import { declare } from "./declare.ts";
import { several } from "./several.ts";

export interface ProgramOfThoughtOptions extends ModuleOptions {
  /** Attempts at code that runs; DSPy's default is 3. */
  readonly maxIters?: number;
}

/** Answers by writing Python and running it in a sandbox: dspy.ProgramOfThought. Runs in Python. */
export function programOfThought<I, O>(signature: Signature<I, O>, options: ProgramOfThoughtOptions = {}): Module<I, O> {
  return declare(
    { kind: "programOfThought", signature, structure: several("code_generate.predict", pythonPredictors), own: { maxIters: whole(1) } },
    { ...options },
  );
}

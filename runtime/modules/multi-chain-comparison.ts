import { whole } from "../check-options.ts";
import type { Module } from "../module-types.ts";
import type { ModuleOptions } from "../options.ts";
import { pythonPredictors } from "../program/python-layout.ts";
import type { Signature } from "../signature.ts";
import { declare } from "./declare.ts";
import { several } from "./several.ts";

export interface MultiChainComparisonOptions extends ModuleOptions {
  /** Attempts that are compared; DSPy's default is 3. */
  readonly m?: number;
}

/** Compares several chains of thought and answers with what holds: dspy.MultiChainComparison. Runs in Python. */
export function multiChainComparison<I, O>(
  signature: Signature<I, O>,
  options: MultiChainComparisonOptions = {},
): Module<I, O & { readonly rationale: string }> {
  return declare(
    { kind: "multiChainComparison", signature, structure: several("predict", pythonPredictors), own: { m: whole(1) } },
    { ...options },
  );
}

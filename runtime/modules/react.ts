import { whole } from "../check-options.ts";
import type { Module } from "../module-types.ts";
import type { ModuleOptions } from "../options.ts";
import { reactPredictors } from "../program/react-layout.ts";
import type { Signature } from "../signature.ts";
import type { Tool } from "../tool.ts";
import { declare } from "./declare.ts";
import { several } from "./several.ts";
import { checkTools } from "./tools.ts";

export interface ReActOptions extends ModuleOptions {
  /** Thoughts before the answer is extracted from what is there; DSPy's default is 20. */
  readonly maxIters?: number;
}

/** What the agent did: `thought_0`, `tool_name_0`, `tool_args_0`, `observation_0`, `thought_1` ... */
export type Trajectory = Readonly<Record<string, unknown>>;

/** Thinks and calls tools in turn, then extracts the outputs: dspy.ReAct. */
export function react<I, O>(
  signature: Signature<I, O>,
  tools: readonly Tool[],
  options: ReActOptions = {},
): Module<I, O & { readonly reasoning: string; readonly trajectory: Trajectory }> {
  const own = { maxIters: whole(1) };
  const native = () => import("../native/react.ts");
  return declare(
    { kind: "react", signature, tools: checkTools("react", tools), own, structure: several("react", reactPredictors), native },
    { ...options },
  );
}

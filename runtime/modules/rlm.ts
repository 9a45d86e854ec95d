import { whole } from "../check-options.ts";
import type { Module } from "../module-types.ts";
import type { ModuleOptions } from "../options.ts";
import { pythonPredictors } from "../program/python-layout.ts";
import type { Signature } from "../signature.ts";
import type { Tool } from "../tool.ts";
import { declare } from "./declare.ts";
import { several } from "./several.ts";
import { checkTools } from "./tools.ts";

export interface RlmOptions extends ModuleOptions {
  readonly tools?: readonly Tool[];
  /** DSPy's defaults: 20 turns, 50 model calls, 10,000 characters of output. */
  readonly maxIters?: number;
  readonly maxLlmCalls?: number;
  readonly maxOutputChars?: number;
}

/** Reads inputs of any length by writing Python over them: dspy.RLM. Runs in Python. */
export function rlm<I, O>(signature: Signature<I, O>, { tools = [], ...options }: RlmOptions = {}): Module<I, O> {
  return declare(
    {
      kind: "rlm",
      signature,
      structure: several("generate_action", pythonPredictors),
      tools: checkTools("rlm", tools),
      own: { maxIters: whole(1), maxLlmCalls: whole(1), maxOutputChars: whole(1) },
    },
    { ...options },
  );
}

import { settingRules } from "../check-options.ts";
import type { Module } from "../module-types.ts";
import type { ModuleOptions } from "../options.ts";
import type { Signature } from "../signature.ts";
import type { Tool } from "../tool.ts";
import { declare } from "./declare.ts";
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
  const { whole } = settingRules;
  return declare(
    {
      kind: "rlm",
      signature,
      tools: checkTools("rlm", tools),
      own: { maxIters: whole(1), maxLlmCalls: whole(1), maxOutputChars: whole(1) },
    },
    { ...options },
  );
}

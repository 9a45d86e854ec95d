import type { ChainOfThought } from "../module-types.ts";
import { reasoned } from "../reasoned.ts";
import { declare, makeOrRun } from "./declare.ts";

/** `reasoning` first, then the signature's outputs: dspy.ChainOfThought. */
export const chainOfThought: ChainOfThought = /* @__PURE__ */ makeOrRun((signature, options) =>
  declare({ kind: "chainOfThought", signature, outputs: reasoned }, { ...options }),
) as ChainOfThought;

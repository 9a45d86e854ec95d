import type { ChainOfThought } from "../module-types.ts";
import { reasoned } from "../reasoned.ts";
import { declare, makeOrRun } from "./declare.ts";
import { single } from "./single.ts";

/** `reasoning` first, then the signature's outputs: dspy.ChainOfThought. */
export const chainOfThought: ChainOfThought = /* @__PURE__ */ makeOrRun((signature, options) =>
  declare({ kind: "chainOfThought", signature, structure: single("predict"), outputs: reasoned }, { ...options }),
) as ChainOfThought;

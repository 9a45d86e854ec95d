import type { Predict } from "../module-types.ts";
import { declare, makeOrRun } from "./declare.ts";
import { single } from "./single.ts";

/** One request, parsed into the signature's outputs: dspy.Predict. */
export const predict: Predict = /* @__PURE__ */ makeOrRun((signature, options) =>
  declare({ kind: "predict", signature, structure: single("self") }, { ...options }),
) as Predict;

import type { Predict } from "../module-types.ts";
import { declare, makeOrRun } from "./declare.ts";

/** One request, parsed into the signature's outputs: dspy.Predict. */
export const predict: Predict = /* @__PURE__ */ makeOrRun((signature, options) =>
  declare({ kind: "predict", signature }, { ...options }),
) as Predict;

import { callable, number, whole } from "../check-options.ts";
import { definitionOf } from "../module.ts";
import type { Module, Prediction } from "../module-types.ts";
import type { ModuleOptions } from "../options.ts";
import { pythonPredictors } from "../program/python-layout.ts";
import { required } from "../shape.ts";
import { declare } from "./declare.ts";
import { several } from "./several.ts";

/** Called here, in TypeScript, with what went in and what came out; higher is better. */
export type Reward<I, O> = (inputs: I, prediction: Prediction<O>) => number | Promise<number>;

export interface BestOfNOptions<I, O> extends ModuleOptions {
  /** How many times the module runs at most, each with a rollout of its own at temperature 1. */
  readonly n: number;
  readonly reward: Reward<I, O>;
  /** A reward that ends the search. */
  readonly threshold: number;
  /** Failures that end it; DSPy's default is `n`. */
  readonly failCount?: number;
}

/** Runs a module up to `n` times and keeps the prediction with the highest reward: dspy.BestOfN. Runs in Python. */
export function bestOfN<I, O>(module: Module<I, O>, options: BestOfNOptions<I, O>): Module<I, O> {
  return searching("bestOfN", module, options);
}

/** As bestOfN, with advice from each failed attempt given to the next: dspy.Refine. Runs in Python. */
export function refine<I, O>(module: Module<I, O>, options: BestOfNOptions<I, O>): Module<I, O> {
  return searching("refine", module, options);
}

/** The module they search over travels as data in `settings.inner`. */
function searching<I, O>(kind: "bestOfN" | "refine", module: Module<I, O>, options: BestOfNOptions<I, O>): Module<I, O> {
  const { program, outputs, options: under } = definitionOf(module);
  const own = {
    n: required(whole(1)),
    reward: required(callable),
    threshold: required(number(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)),
    failCount: whole(0),
  };
  return declare(
    {
      kind,
      signature: program.signature,
      structure: several("self", pythonPredictors),
      outputs: () => outputs,
      tools: program.tools,
      predictors: program.predictors,
      own,
      settings: { inner: program },
    },
    { ...under, ...options },
  );
}

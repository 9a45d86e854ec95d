/** A module as data: what to run, the signature its callers see, the options given with it, and what its kind knows of predictors. */
import type { ModuleOptions } from "./options.ts";
import type { PredictorLayout } from "./program/layout.ts";
import type { PredictorState, Program } from "./router/engine.ts";
import type { Signature } from "./signature.ts";

export interface Definition {
  readonly program: Program;
  readonly outputs: Signature;
  readonly options: ModuleOptions;
  readonly structure: Structure;
}

/** The predictors of a kind. Its constructor brings it, so a bundle holds the structures of the kinds it uses. */
export interface Structure {
  /** DSPy's name for the predictor that a module's own demos go to (dspy-semantics 4.1, 7.1). */
  readonly main: string;
  /** Where its predictors stand in a state file: in `saved`, which is about to be read, or in the one to be written. */
  layout(definition: Definition, saved?: object): readonly PredictorLayout[];
  /** The definition with new instructions. */
  instructed(definition: Definition, text: string): Partial<Definition>;
}

/** The program with something changed in one of its predictors. */
export function withPredictor(program: Program, path: string, change: PredictorState): Program {
  return { ...program, predictors: { ...program.predictors, [path]: { ...program.predictors[path], ...change } } };
}

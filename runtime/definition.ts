/** A module as data: what to run, the signature its callers see, and the options given with it. */
import type { ModuleOptions } from "./options.ts";
import type { PredictorLayout } from "./program/layout.ts";
import type { Program } from "./router/engine.ts";
import type { Signature } from "./signature.ts";

export interface Definition {
  readonly program: Program;
  readonly outputs: Signature;
  readonly options: ModuleOptions;
  /** Where its predictors stand in a state file; a module of one predictor over its own signature needs none. */
  readonly layout?: (definition: Definition) => readonly PredictorLayout[];
}

/**
 * Where a module's predictors stand in a state file and what their fields are: DSPy's files hold no field names, so the
 * program's own structure says what the positions mean (dspy-semantics 7.1).
 */
import type { Field } from "../signature.ts";

export type FieldLayout = Pick<Field, "name" | "prefix" | "description" | "spec">;

export interface PredictorLayout {
  /** DSPy's parameter path; `self` is a bare Predict, whose state stands at the top of the file. */
  readonly path: string;
  /** What DSPy's constructor gives the predictor, before anything was loaded. */
  readonly instructions: string;
  /** Inputs, then outputs; undefined where they are Python's. */
  readonly fields: readonly FieldLayout[] | undefined;
}

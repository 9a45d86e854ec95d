/**
 * Where a module's predictors stand in a state file and what their fields are: DSPy's files hold no field names, so the
 * program's own structure says what the positions mean (dspy-semantics 7.1).
 */
import type { Definition } from "../definition.ts";
import { mainPredictor } from "../modules/predictors.ts";
import type { TypeSpec } from "../spec.ts";

export interface FieldLayout {
  readonly name: string;
  readonly prefix: string;
  readonly description: string;
  readonly type: TypeSpec;
}

export interface PredictorLayout {
  /** DSPy's parameter path; `self` is a bare Predict, whose state stands at the top of the file. */
  readonly path: string;
  /** What DSPy's constructor gives the predictor, before anything was loaded. */
  readonly instructions: string;
  /** Inputs, then outputs. */
  readonly fields: readonly FieldLayout[];
}

/** A module of one predictor over its own signature: predict and chainOfThought. */
function singlePredictor({ program, outputs }: Definition): readonly PredictorLayout[] {
  const fields = [...outputs.inputs, ...outputs.outputs].map(({ name, prefix, description, spec }) => ({
    name,
    prefix,
    description,
    type: spec,
  }));
  return [{ path: mainPredictor(program.kind), instructions: outputs.docstring, fields }];
}

/** The layout where this side knows it; the fields of what only Python runs are Python's. */
export function layoutOf(definition: Definition): readonly PredictorLayout[] | undefined {
  if (definition.layout) return definition.layout(definition);
  const { kind } = definition.program;
  return kind === "predict" || kind === "chainOfThought" ? singlePredictor(definition) : undefined;
}

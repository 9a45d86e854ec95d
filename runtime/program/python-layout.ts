/** What only Python runs in a state file: the predictors that are there, and their fields are Python's. */
import type { Definition } from "../definition.ts";
import type { PredictorLayout } from "./layout.ts";
import { invalid } from "./state-text.ts";

export function pythonPredictors({ program }: Definition, saved?: object): readonly PredictorLayout[] {
  if (!saved)
    for (const [path, { instructions, fields }] of Object.entries(program.predictors))
      if (instructions === undefined || fields === undefined)
        throw invalid(path, `a predictor of ${program.kind} that was loaded whole`, "one whose fields only Python knows");
  return Object.keys(saved ?? program.predictors).map((path) => ({ path, instructions: "", fields: undefined }));
}

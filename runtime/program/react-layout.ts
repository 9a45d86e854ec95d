/** ReAct in a state file: the agent at `react`, the extraction at `extract.predict` (dspy-semantics 7.1). */
import type { Definition } from "../definition.ts";
import type { Layout } from "../native/layout.ts";
import { reactParts } from "../native/react-layout.ts";
import { inferPrefix } from "../prefix.ts";
import type { PredictorLayout } from "./layout.ts";

/** As DSPy's constructor makes them: what was loaded since does not count here. */
export function reactPredictors({ program }: Definition): readonly PredictorLayout[] {
  const { react, extract } = reactParts({ ...program, predictors: {} });
  return [positions("react", react), positions("extract.predict", extract)];
}

function positions(path: string, { instructions, inputs, outputs }: Layout): PredictorLayout {
  const fields = [...inputs, ...outputs].map(({ name, desc, type }) => ({
    name,
    spec: type,
    prefix: inferPrefix(name),
    description: desc ?? `\${${name}}`,
  }));
  return { path, instructions, fields };
}

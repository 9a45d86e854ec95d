/** The end of an attempt: outputs validated, and the prediction made of them. */
import type { CachedResult } from "../cache/result.ts";
import type { LM } from "../lm/lm.ts";
import type { Prediction } from "../module-types.ts";
import { type MutableMeta, makePrediction, metaOf } from "../prediction.ts";
import type { ProgramKind } from "../router/engine.ts";
import { codeOf } from "../signature.ts";
import type { Executed } from "./execute.ts";
import { invalidOutputs } from "./issues.ts";
import type { Opening } from "./opening.ts";
import type { Attempt } from "./plan.ts";
import type { Prepared } from "./prepare.ts";

type Outputs = Readonly<Record<string, unknown>>;

/** The types and the constraints hold, or the values are refused with everything that was parsed. */
export function finish({ opening, earlier }: Prepared, { route, reason, lm }: Attempt, result: Executed): Prediction {
  const { program, outputs } = opening.definition;
  const checked = codeOf(outputs).validateOutputs(result.outputs);
  if (!checked.ok) throw invalidOutputs(outputs, checked.issues, result);
  const attempts = earlier.length ? [...earlier, ...result.exchanges] : result.exchanges;
  const meta: MutableMeta = metaOf(route, reason, attempts, lm, opening.began);
  if (result.pool !== undefined) meta.pool = result.pool;
  if (result.worker !== undefined) meta.worker = result.worker;
  if (result.completions.length > 1) meta.completions = result.completions;
  if (result.differences) meta.differences = result.differences;
  return makePrediction(withExtras(program.kind, checked.value, result.outputs), meta);
}

/** Programs of several steps also tell how they came to their outputs: ReAct's `trajectory` and `reasoning` follow the signature's own. */
function withExtras(kind: ProgramKind, outputs: Outputs, told: Outputs): Outputs {
  return kind === "predict" || kind === "chainOfThought" ? outputs : { ...outputs, ...told, ...outputs };
}

export function fromCache({ outputs, completions, route }: CachedResult, lm: LM, { began }: Opening): Prediction {
  const meta: MutableMeta = metaOf(route, "answered from the cache", [], lm, began);
  meta.cached = true;
  if (completions) meta.completions = completions;
  return makePrediction(outputs, meta);
}

/** The end of an attempt: outputs validated, and the prediction made of them. */
import type { CachedResult } from "../cache/result.ts";
import type { LM } from "../lm/lm.ts";
import type { Prediction } from "../module-types.ts";
import { makePrediction, metaOf } from "../prediction.ts";
import type { ProgramKind } from "../router/engine.ts";
import { codeOf } from "../signature.ts";
import type { Executed } from "./execute.ts";
import { invalidOutputs } from "./issues.ts";
import type { Opening } from "./opening.ts";
import type { Attempt } from "./plan.ts";
import type { Prepared } from "./prepare.ts";

type Outputs = Readonly<Record<string, unknown>>;

/** The types and the constraints hold, or the values are refused with everything that was parsed. */
export function finish({ opening, earlier }: Prepared, { route, reason, lm }: Attempt, { result, differences }: Executed): Prediction {
  const { program, outputs } = opening.definition;
  const checked = codeOf(outputs).validateOutputs(result.outputs);
  if (!checked.ok) throw invalidOutputs(outputs, checked.issues, result);
  return makePrediction(withExtras(program.kind, checked.value, result.outputs), {
    route,
    reason,
    ...(result.pool !== undefined && { pool: result.pool }),
    ...(result.worker !== undefined && { worker: result.worker }),
    ...metaOf(earlier.length ? [...earlier, ...result.exchanges] : result.exchanges, lm),
    cached: false,
    latency: performance.now() - opening.began,
    ...(result.completions.length > 1 && { completions: result.completions }),
    ...(differences && { differences }),
  });
}

/** Programs of several steps also tell how they came to their outputs: ReAct's `trajectory` and `reasoning` follow the signature's own. */
function withExtras(kind: ProgramKind, outputs: Outputs, told: Outputs): Outputs {
  return kind === "predict" || kind === "chainOfThought" ? outputs : { ...outputs, ...told, ...outputs };
}

export function fromCache({ outputs, completions, route }: CachedResult, lm: LM, { began }: Opening): Prediction {
  return makePrediction(outputs, {
    route,
    reason: "answered from the cache",
    ...metaOf([], lm),
    cached: true,
    latency: performance.now() - began,
    ...(completions && { completions }),
  });
}

/**
 * The life of a call: inputs are validated, the model and the route found, an engine executes, the outputs are
 * validated, and the prediction is made. This folder is loaded by the first call: a program's first chunk holds what
 * must be there at once, and a call is asynchronous anyway.
 */
import { type CacheEntry, lookUp } from "../cache/result.ts";
import type { RuntimeState } from "../config.ts";
import type { Definition } from "../definition.ts";
import type { LM } from "../lm/lm.ts";
import type { Prediction } from "../module-types.ts";
import type { CallOptions } from "../options.ts";
import { type Executed, execute } from "./execute.ts";
import { finish, fromCache } from "./finish.ts";
import { modelOf } from "./model.ts";
import { type Opening, open } from "./opening.ts";
import { callOf, nextAttempt, type Prepared, prepare, waitingFor } from "./prepare.ts";

export { batch } from "./batch.ts";
export { runStream } from "./stream.ts";

export async function run(
  definition: Definition,
  state: RuntimeState,
  inputs: unknown,
  options: CallOptions | undefined,
): Promise<Prediction> {
  const opening = open(definition, state, inputs, options);
  try {
    const answered = answer(opening);
    return answered instanceof Promise ? await opening.scope.race(answered) : answered;
  } finally {
    opening.scope.close();
  }
}

/** At once where everything is there already: a cached result is cheaper than a promise of it. */
function answer(opening: Opening): Prediction | Promise<Prediction> {
  const lm = modelOf(opening);
  return lm instanceof Promise ? lm.then((resolved) => answerBy(opening, resolved)) : answerBy(opening, lm);
}

function answerBy(opening: Opening, lm: LM): Prediction | Promise<Prediction> {
  const { cache } = opening.options;
  if (!cache) return asked(opening, lm);
  const entry = lookUp(cache, opening, lm);
  return entry instanceof Promise ? entry.then((found) => recalled(opening, lm, found)) : recalled(opening, lm, entry);
}

function recalled(opening: Opening, lm: LM, entry: CacheEntry): Prediction | Promise<Prediction> {
  return entry.hit ? fromCache(entry.hit, lm, opening) : kept(asked(opening, lm), entry);
}

async function kept(asking: Promise<Prediction>, entry: CacheEntry): Promise<Prediction> {
  const prediction = await asking;
  await entry.store(prediction);
  return prediction;
}

function asked(opening: Opening, lm: LM): Promise<Prediction> {
  const prepared = prepare(opening, lm);
  return prepared instanceof Promise ? prepared.then(attempt) : attempt(prepared);
}

async function attempt(prepared: Prepared): Promise<Prediction> {
  let current = prepared.first;
  for (;;) {
    let result: Executed | undefined;
    try {
      prepared.opening.scope.where = waitingFor(current);
      result = await execute(callOf(prepared, current), current, prepared);
      return finish(prepared, current, result);
    } catch (error) {
      current = await nextAttempt(prepared, error, result);
    }
  }
}

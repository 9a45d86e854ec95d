/**
 * The life of a call: inputs are validated, the model and the route found, an engine executes, the outputs are
 * validated, and the prediction is made. This folder is loaded by the first call: a program's first chunk holds what
 * must be there at once, and a call is asynchronous anyway.
 */
import { lookUp } from "../cache/result.ts";
import type { RuntimeState } from "../config.ts";
import type { Definition } from "../definition.ts";
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
    return await opening.scope.race(answer(opening));
  } finally {
    opening.scope.close();
  }
}

async function answer(opening: Opening): Promise<Prediction> {
  const resolved = modelOf(opening);
  const lm = resolved instanceof Promise ? await resolved : resolved;
  if (!opening.options.cache) return attempt(await prepare(opening, lm));
  const looked = lookUp(opening.options.cache, opening, lm);
  const entry = looked instanceof Promise ? await looked : looked;
  if (entry.hit) return fromCache(entry.hit, lm, opening);
  const prediction = await attempt(await prepare(opening, lm));
  await entry.store(prediction);
  return prediction;
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

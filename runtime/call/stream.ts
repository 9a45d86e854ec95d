/** The same steps as a stream of events. A retry, a repair or a fallback begins again and says so with `reset`. */
import { lookUp } from "../cache/result.ts";
import type { RuntimeState } from "../config.ts";
import type { Definition } from "../definition.ts";
import { CancelledError, SignatureError } from "../errors.ts";
import type { Prediction, StreamEvent } from "../module-types.ts";
import type { CallOptions } from "../options.ts";
import { type Executed, stream } from "./execute.ts";
import { finish, fromCache } from "./finish.ts";
import { modelOf } from "./model.ts";
import { open } from "./opening.ts";
import { callOf, nextAttempt, type Prepared, prepare, waitingFor } from "./prepare.ts";

/** Leaving it early aborts what is under way. */
export async function* runStream(
  definition: Definition,
  state: RuntimeState,
  inputs: unknown,
  options: CallOptions | undefined,
): AsyncGenerator<StreamEvent, void, undefined> {
  const opening = open(definition, state, inputs, options, true);
  const { scope } = opening;
  try {
    const lm = await scope.race(Promise.resolve(modelOf(opening)));
    const entry = opening.options.cache ? await lookUp(opening.options.cache, opening, lm) : undefined;
    if (entry?.hit) return yield* replay(fromCache(entry.hit, lm, opening));
    for await (const event of attempts(await prepare(opening, lm))) {
      if (event.type === "done") await entry?.store(event.prediction);
      yield event;
    }
  } finally {
    // Finished or left early: either way nothing of it runs on.
    scope.abort(new CancelledError("The stream's reader has left."));
    scope.close();
  }
}

async function* attempts(prepared: Prepared): AsyncGenerator<StreamEvent, void, undefined> {
  const { scope, definition } = prepared.opening;
  let current = prepared.first;
  for (;;) {
    let result: Executed | undefined;
    try {
      scope.where = waitingFor(current);
      for await (const event of stream(callOf(prepared, current), current, prepared, scope)) {
        if (event.type !== "done") yield event as StreamEvent;
        else {
          result = event.result;
          yield { type: "done", prediction: finish(prepared, current, result) };
          return;
        }
      }
      const { name } = definition.program.signature;
      throw new SignatureError("output_missing", `${name}: the stream ended without a result.`, { signature: name });
    } catch (error) {
      current = await nextAttempt(prepared, error, result);
      yield { type: "reset", reason: current.reason };
    }
  }
}

/** What the cache knew comes as whole fields at once. */
function* replay(prediction: Prediction): Generator<StreamEvent, void, undefined> {
  const fields: Record<string, unknown> = { ...prediction };
  for (const field of Object.keys(fields)) yield { type: "partial", field, value: fields[field], done: true, fields };
  yield { type: "done", prediction };
}

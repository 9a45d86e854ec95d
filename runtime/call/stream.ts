/** The same steps as a stream of events. A retry, a repair or a fallback begins again and says so with `reset`. */
import { type CacheEntry, lookUp } from "../cache/result.ts";
import type { RuntimeState } from "../config.ts";
import type { Definition } from "../definition.ts";
import { CancelledError } from "../ended.ts";
import { SignatureError } from "../errors.ts";
import type { Prediction, StreamEvent } from "../module-types.ts";
import type { CallOptions } from "../options.ts";
import { type Pull, Pulled } from "../pulled.ts";
import type { EngineEvent, EngineResult } from "../router/engine.ts";
import { type Executed, type Streaming, stream } from "./execute.ts";
import { finish, fromCache } from "./finish.ts";
import { modelOf } from "./model.ts";
import { type Opening, open } from "./opening.ts";
import type { Attempt } from "./plan.ts";
import { callOf, nextAttempt, type Prepared, prepare, waitingFor } from "./prepare.ts";

/** Nothing happens before the first read. */
export function runStream(
  definition: Definition,
  state: RuntimeState,
  inputs: unknown,
  options: CallOptions | undefined,
): AsyncGenerator<StreamEvent, void, undefined> {
  return new CallStream(() => open(definition, state, inputs, options, true));
}

/**
 * The steps of a call are taken one after the other, as in `run`; between them the engine's events go to the reader as
 * they are. The scope's end lets a waiting reader go even when the engine's model does not look at the signal.
 */
class CallStream extends Pulled<StreamEvent> {
  private readonly begin: () => Opening;
  private opening: Opening | undefined;
  private entry: CacheEntry | undefined;
  private prepared: Prepared | undefined;
  private attempt: Attempt | undefined;
  /** The attempt whose events are told now. */
  private streaming: Streaming | undefined;
  private cached: Iterator<StreamEvent, undefined> | undefined;

  constructor(begin: () => Opening) {
    super();
    this.begin = begin;
  }

  protected pull(): void {
    const signal = this.opening?.scope.signal;
    if (signal?.aborted) this.broke(signal.reason);
    else if (this.streaming) this.streaming.events.next().then(this.told, this.broke);
    else if (this.cached) this.recall(this.cached.next());
    else this.start().then(this.started, this.broke);
  }

  /** All that comes before an attempt's first event. */
  private async start(): Promise<void> {
    if (!this.prepared) {
      const opening = this.begin();
      this.opening = opening;
      opening.scope.watch((reason) => this.isRead && this.broke(reason));
      const lm = await modelOf(opening);
      if (opening.options.cache) this.entry = await lookUp(opening.options.cache, opening, lm);
      if (this.entry?.hit) {
        this.cached = replay(fromCache(this.entry.hit, lm, opening));
        return;
      }
      this.prepared = await prepare(opening, lm);
    }
    if (this.over) return;
    this.attempt ??= this.prepared.first;
    this.opening!.scope.where = waitingFor(this.attempt);
    this.streaming = await stream(callOf(this.prepared, this.attempt), this.attempt, this.prepared);
  }

  private readonly started = (): void => {
    if (this.over) this.letGo();
    else this.pull();
  };

  private readonly told = (next: IteratorResult<EngineEvent, unknown>): void => {
    if (this.over) return;
    if (next.done) this.broke(this.missing());
    else if (next.value.type === "done") this.complete(next.value.result);
    else this.tell(next as Pull<StreamEvent>);
  };

  private async complete(given: EngineResult): Promise<void> {
    let result: Executed | undefined;
    let prediction: Prediction;
    try {
      result = await this.streaming!.done(given);
      prediction = finish(this.prepared!, this.attempt!, result);
    } catch (error) {
      return this.again(error, result);
    }
    try {
      await this.entry?.store(prediction);
    } catch (error) {
      return this.stop(error);
    }
    if (this.over) return;
    this.close();
    this.tell({ done: false, value: { type: "done", prediction } });
  }

  private recall(next: IteratorResult<StreamEvent, undefined>): void {
    if (next.done) this.close();
    this.tell(next);
  }

  private readonly broke = (error: unknown): void => {
    if (this.over) return;
    this.streaming?.failed(error);
    if (this.prepared) this.again(error, undefined);
    else this.stop(error);
  };

  /** The next attempt, or the end when none is left. */
  private async again(error: unknown, result: Executed | undefined): Promise<void> {
    this.letGo();
    try {
      this.attempt = await nextAttempt(this.prepared!, error, result);
      if (!this.over) this.tell({ done: false, value: { type: "reset", reason: this.attempt.reason } });
    } catch (last) {
      this.stop(last);
    }
  }

  private stop(error: unknown): void {
    if (this.over) return;
    this.close();
    this.fail(error);
  }

  private missing(): SignatureError {
    const { name } = this.opening!.definition.program.signature;
    return new SignatureError("output_missing", `${name}: the stream ended without a result.`, { signature: name });
  }

  protected leave(): void {
    this.close();
  }

  /** Finished or left early: either way nothing of it runs on. */
  private close(): void {
    this.over = true;
    this.letGo();
    this.opening?.scope.abort(new CancelledError("The stream's reader has left."));
    this.opening?.scope.close();
  }

  /** Not awaited: a generator stuck in a model that never answers would hold the reader here. */
  private letGo(): void {
    const events = this.streaming?.events;
    this.streaming = undefined;
    events?.return?.().catch(() => {});
  }
}

/** What the cache knew comes as whole fields at once. */
function* replay(prediction: Prediction): Generator<StreamEvent, undefined, undefined> {
  const fields: Record<string, unknown> = { ...prediction };
  for (const field of Object.keys(fields)) yield { type: "partial", field, value: fields[field], done: true, fields };
  yield { type: "done", prediction };
}

/** One attempt in one engine, watched: the span, the event of its end, the event of its failure, and under `verify` the other side. */

import { DspexError } from "../errors.ts";
import { totalUsage } from "../prediction.ts";
import type { Engine, EngineCall, EngineEvent, EngineResult } from "../router/engine.ts";
import { loadEngine, registeredEngine } from "../router/engines.ts";
import { otherRoute } from "../router/route.ts";
import { compare } from "../router/verify.ts";
import { type Difference, type ExecuteEvent, executed, executing, failed } from "../telemetry/events.ts";
import type { Scope } from "./deadline.ts";
import type { Attempt } from "./plan.ts";

export interface Executed {
  readonly result: EngineResult;
  readonly differences: readonly Difference[] | undefined;
}

export async function execute(call: EngineCall, { route }: Attempt, verify: boolean): Promise<Executed> {
  const engine = registeredEngine(route) ?? (await loadEngine(route))!;
  if (verify) {
    const other = registeredEngine(otherRoute(route)) ?? (await loadEngine(otherRoute(route)))!;
    const [mine, theirs] = await Promise.allSettled([watched(engine, call), watched(other, call)]);
    if (mine.status === "rejected") throw mine.reason;
    return { result: mine.value, differences: compare(call.program.signature, route, mine.value, theirs) };
  }
  return { result: await watched(engine, call), differences: undefined };
}

/** `execute` under the eyes of telemetry; unwatched it is the bare call. */
function watched(engine: Engine, call: EngineCall): Promise<EngineResult> {
  const { route } = engine;
  if (!executing[route].hasSubscribers && !executed[route].hasSubscribers && !failed[route].hasSubscribers) return engine.execute(call);
  const context = contextOf(engine, call);
  const began = performance.now();
  return executing[route].tracePromise(async () => {
    try {
      const result = await engine.execute(call);
      ended(context, began, result);
      return result;
    } catch (error) {
      ended(context, began, undefined, error);
      throw error;
    }
  }, context);
}

export async function* stream(
  call: EngineCall,
  { route }: Attempt,
  verify: boolean,
  scope: Scope,
): AsyncGenerator<
  Exclude<EngineEvent, { type: "done" }> | { type: "done"; result: EngineResult; differences: readonly Difference[] | undefined }
> {
  const engine = registeredEngine(route) ?? (await loadEngine(route))!;
  const context = contextOf(engine, call);
  const began = performance.now();
  const events = engine.stream(call)[Symbol.asyncIterator]();
  const other = verify ? Promise.allSettled([watched(registeredEngine(otherRoute(route))!, call)]) : undefined;
  try {
    for (;;) {
      // Raced, because an engine's model may not look at the signal; the reader is let go all the same.
      const next = await scope.race(events.next());
      if (next.done) return;
      const event = next.value;
      if (event.type === "done") {
        ended(context, began, event.result);
        const [theirs] = (await other) ?? [];
        yield { ...event, differences: theirs && compare(call.program.signature, route, event.result, theirs) };
        return;
      }
      yield event;
    }
  } catch (error) {
    ended(context, began, undefined, error);
    throw error;
  } finally {
    // Not awaited: a generator stuck in a model that never answers would hold the reader here.
    Promise.resolve(events.return?.()).catch(() => {});
  }
}

function contextOf({ route }: Engine, { program, lm }: EngineCall): ExecuteEvent {
  return { signature: program.signature.name, kind: program.kind, route, model: lm.model };
}

function ended(context: ExecuteEvent, began: number, result: EngineResult | undefined, error?: unknown): void {
  const { route, signature } = context;
  context.duration = performance.now() - began;
  if (result) {
    const usage = totalUsage(result.exchanges);
    if (usage) context.usage = usage;
    if (result.pool !== undefined) context.pool = result.pool;
    if (result.worker !== undefined) context.worker = result.worker;
  } else {
    context.error = error;
    if (failed[route].hasSubscribers)
      failed[route].publish({ code: error instanceof DspexError ? error.code : "unknown", error, signature });
  }
  if (executed[route].hasSubscribers) executed[route].publish(context);
}

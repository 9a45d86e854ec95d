/** One attempt in one engine, watched: the span, the event of its end, the event of its failure, and under `verify` the other side. */
import { DspexError } from "../errors.ts";
import { totalUsage } from "../prediction.ts";
import type { Engine, EngineCall, EngineEvent, EngineResult, Route } from "../router/engine.ts";
import { loadEngine, registeredEngine } from "../router/engines.ts";
import { otherRoute } from "../router/route.ts";
import { strategies } from "../router/strategies.ts";
import { compare } from "../router/verify.ts";
import { type Difference, type ExecuteEvent, executed, executing, failed } from "../telemetry/events.ts";
import type { Attempt, Situation } from "./plan.ts";

/** An engine's result, and under `verify` where the other engine's differs. */
export interface Executed extends EngineResult {
  readonly differences?: readonly Difference[];
}

export function execute(call: EngineCall, { route }: Attempt, situation: Situation): Promise<Executed> {
  const engine = registeredEngine(route);
  if (!engine || isVerified(situation)) return executeBoth(call, route, situation);
  return watched(engine, call);
}

async function executeBoth(call: EngineCall, route: Route, situation: Situation): Promise<Executed> {
  const engine = await present(route);
  if (!isVerified(situation)) return watched(engine, call);
  const [mine, theirs] = await Promise.allSettled([
    watched(engine, call),
    present(otherRoute(route)).then((other) => watched(other, call)),
  ]);
  if (mine.status === "rejected") throw mine.reason;
  return { ...mine.value, differences: compare(call.program.signature, route, mine.value, theirs) };
}

function isVerified({ strategy, question }: Situation): boolean {
  return strategy === strategies.verify && question.native === true && question.python === true;
}

/** A route that was decided on has its engine. */
async function present(route: Route): Promise<Engine> {
  return registeredEngine(route) ?? (await loadEngine(route))!;
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

/** An attempt as a stream: the engine's own events, and who is to hear how they ended. */
export interface Streaming {
  readonly events: AsyncIterator<EngineEvent>;
  /** The engine's last word, under `verify` compared with the other engine's. */
  done(result: EngineResult): Promise<Executed>;
  failed(error: unknown): void;
}

export async function stream(call: EngineCall, { route }: Attempt, situation: Situation): Promise<Streaming> {
  const engine = await present(route);
  const context = contextOf(engine, call);
  const began = performance.now();
  const other = isVerified(situation) ? Promise.allSettled([present(otherRoute(route)).then((each) => watched(each, call))]) : undefined;
  return {
    events: engine.stream(call)[Symbol.asyncIterator](),
    async done(result) {
      ended(context, began, result);
      const [theirs] = (await other) ?? [];
      return theirs ? { ...result, differences: compare(call.program.signature, route, result, theirs) } : result;
    },
    failed: (error) => ended(context, began, undefined, error),
  };
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

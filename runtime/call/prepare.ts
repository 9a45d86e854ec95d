/** What a call's attempts share: the situation they are planned in, and the engine's call but for its model. */
import type { LM } from "../lm/lm.ts";
import type { EngineCall, EngineResult, Exchange } from "../router/engine.ts";
import { loadEngine, registeredEngine } from "../router/engines.ts";
import { ask, strategyOf } from "../router/route.ts";
import type { Opening } from "./opening.ts";
import { type Attempt, firstAttempt, makePlan, type Plan, type Situation } from "./plan.ts";

export interface Prepared extends Situation {
  readonly opening: Opening;
  readonly call: EngineCall;
  readonly first: Attempt;
  /** Requests of attempts that failed. */
  readonly earlier: Exchange[];
  plan: Plan | undefined;
}

export function prepare(opening: Opening, lm: LM): Prepared | Promise<Prepared> {
  if (registeredEngine("native") || opening.options.route === "python") return prepared(opening, lm);
  return loadEngine("native").then(() => prepared(opening, lm));
}

function prepared(opening: Opening, lm: LM): Prepared {
  const { options, scope } = opening;
  const { program } = opening.definition;
  const adapter = options.adapter ?? "chat";
  const idempotent = options.idempotent ?? (program.tools.length === 0 && program.kind !== "module");
  const situation: Situation = { options, lm, idempotent, question: ask(program, adapter), strategy: strategyOf(options.route) };
  const call: { -readonly [K in keyof EngineCall]: EngineCall[K] } = {
    program,
    inputs: opening.inputs,
    lm,
    adapter,
    config: options.config ?? {},
    retries: options.retries ?? lm.retries ?? 2,
    signal: scope.signal,
    deadline: scope.deadline,
    idempotent,
  };
  if (options.pool !== undefined) call.pool = options.pool;
  if (options.trace !== undefined) call.trace = options.trace;
  if (options.lenient) call.lenient = true;
  const { pools } = opening.state.options;
  if (pools) call.pools = pools;
  return { ...situation, opening, call, first: firstAttempt(situation), earlier: [], plan: undefined };
}

/** The engine's call of one attempt. */
export function callOf({ call, lm }: Prepared, attempt: Attempt): EngineCall {
  return attempt.lm === lm ? call : { ...call, lm: attempt.lm };
}

/** What to try after a failure; throws it when nothing is left, and the signal's reason when the call is over. */
export async function nextAttempt(prepared: Prepared, error: unknown, result: EngineResult | undefined): Promise<Attempt> {
  const { signal } = prepared.opening.scope;
  if (signal.aborted) throw signal.reason;
  prepared.plan ??= makePlan(prepared, prepared.first);
  const next = await prepared.plan(error, result?.exchanges.at(-1)?.response?.choices[0]?.text);
  prepared.earlier.push(...(result?.exchanges ?? [{ messages: [], failed: error instanceof Error ? error.message : String(error) }]));
  return next;
}

/** What a TimeoutError names as waited for. */
export function waitingFor({ route }: Attempt): string {
  return route === "native" ? "lm" : "python";
}

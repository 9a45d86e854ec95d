/** What a call's attempts share: the plan, and everything of the engine's call but the model, which may change between them. */
import type { LM } from "../lm/lm.ts";
import type { EngineCall, EngineResult, Exchange } from "../router/engine.ts";
import { loadEngine, registeredEngine } from "../router/engines.ts";
import { ask, strategyOf } from "../router/route.ts";
import { strategies } from "../router/strategies.ts";
import type { Opening } from "./opening.ts";
import { type Attempt, makePlan, type Plan } from "./plan.ts";

export interface Prepared {
  readonly opening: Opening;
  readonly call: Omit<EngineCall, "lm">;
  readonly plan: Plan;
  readonly verify: boolean;
  /** Requests of attempts that failed. */
  readonly earlier: Exchange[];
}

export async function prepare(opening: Opening, lm: LM): Promise<Prepared> {
  const { definition, options, inputs, scope, state } = opening;
  const { program } = definition;
  const adapter = options.adapter ?? "chat";
  if (!registeredEngine("native") && options.route !== "python") await loadEngine("native");
  const question = ask(program, adapter);
  const strategy = strategyOf(options.route);
  const idempotent = options.idempotent ?? (program.tools.length === 0 && program.kind !== "module");
  const { signal, deadline } = scope;
  return {
    opening,
    earlier: [],
    plan: makePlan({ program, options, lm, idempotent, question, strategy, signal }),
    verify: strategy === strategies.verify && question.native === true && question.python === true,
    call: {
      program,
      inputs,
      adapter,
      config: options.config ?? {},
      retries: options.retries ?? lm.retries ?? 2,
      signal,
      deadline,
      idempotent,
      ...(options.pool !== undefined && { pool: options.pool }),
      ...(state.options.pools && { pools: state.options.pools }),
      ...(options.trace !== undefined && { trace: options.trace }),
    },
  };
}

/** What to try after a failure; throws it when nothing is left. */
export async function nextAttempt({ plan, earlier }: Prepared, error: unknown, result: EngineResult | undefined): Promise<Attempt> {
  const next = await plan.after(error, result?.exchanges.at(-1)?.response?.choices[0]?.text);
  earlier.push(...(result?.exchanges ?? [{ messages: [], failed: error instanceof Error ? error.message : String(error) }]));
  return next;
}

/** What a TimeoutError names as waited for. */
export function waitingFor({ route }: Attempt): string {
  return route === "native" ? "lm" : "python";
}

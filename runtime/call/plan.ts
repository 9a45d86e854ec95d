/**
 * What a call tries, and in which order: the model and route chosen, then the fallbacks it names; between them, where
 * `repair` allows, the same again with the issues of what was refused. A plan only decides; `execute.ts` executes.
 */
import { ConfigurationError, DspexError, SignatureError } from "../errors.ts";
import type { LM } from "../lm/lm.ts";
import { repairing } from "../lm/repairing.ts";
import { resolveLM } from "../lm/resolve.ts";
import type { ModuleOptions, RouteQuestion, RouterStrategy } from "../options.ts";
import type { Program, Route } from "../router/engine.ts";
import { decide, otherRoute } from "../router/route.ts";
import { routed } from "../telemetry/events.ts";

export interface Attempt {
  readonly lm: LM;
  readonly route: Route;
  readonly reason: string;
}

/** What there is to decide with. */
export interface Situation {
  readonly options: ModuleOptions;
  readonly lm: LM;
  readonly question: RouteQuestion;
  readonly strategy: RouterStrategy;
  readonly idempotent: boolean;
}

export function firstAttempt({ question, strategy, lm }: Situation): Attempt {
  const { route, reason } = decide(question, strategy);
  return announced({ lm, route, reason }, question.program, strategy, 1);
}

function announced(attempt: Attempt, { signature, kind }: Program, strategy: RouterStrategy, number: number): Attempt {
  const { route, reason } = attempt;
  if (routed.hasSubscribers) routed.publish({ signature: signature.name, kind, strategy: strategy.name, route, reason, attempt: number });
  return attempt;
}

/** What to try after this failure; throws it when nothing is left. */
export type Plan = (error: unknown, completion: string | undefined) => Promise<Attempt>;

/** Made at the first failure: a call that succeeds needs no plan. */
export function makePlan({ options, question, strategy, lm: own, idempotent }: Situation, first: Attempt): Plan {
  const { program } = question;
  const models = [...(options.fallback?.lm ?? [])];
  let repairs = options.repair ?? 0;
  let mayChangeRoute = options.fallback?.route === true && question[otherRoute(first.route)] === true;
  let current = first;
  let made = 1;
  return async (error, completion) => {
    if (repairs > 0 && repairable(error, program)) {
      repairs--;
      current = { ...current, lm: repairing(current.lm, error.completion ?? completion ?? "", error), reason: `repair: ${error.message}` };
    } else {
      if (!idempotent || !mayFallBack(error)) throw error;
      const reason = `fallback after ${error instanceof DspexError ? error.code : String(error)}`;
      const model = models.shift();
      if (model !== undefined) current = { lm: await resolveLM(model), route: first.route, reason };
      else if (mayChangeRoute) {
        mayChangeRoute = false;
        current = { lm: own, route: otherRoute(first.route), reason };
      } else throw error;
    }
    return announced(current, program, strategy, ++made);
  };
}

/** One request has one completion to mend; a program of several has no single place to say so. */
function repairable(error: unknown, { kind }: Program): error is SignatureError {
  return (kind === "predict" || kind === "chainOfThought") && error instanceof SignatureError && /^(output_|completion_)/.test(error.code);
}

/** A mistake of the caller or an end that the caller set stays what it is, whoever is asked. */
function mayFallBack(error: unknown): boolean {
  if (error instanceof ConfigurationError) return error.code === "python_missing" || error.code === "sandbox_unavailable";
  return !(error instanceof DspexError && ["input_invalid", "int_unsafe", "timeout", "cancelled"].includes(error.code));
}

/**
 * What a call tries, and in which order: the model and route chosen, then the fallbacks it names; between them, where
 * `repair` allows, the same again with the issues of what was refused. A plan only decides; `execute.ts` executes.
 */
import { ConfigurationError, DspexError, SignatureError } from "../errors.ts";
import type { LM } from "../lm/lm.ts";
import { repairing } from "../lm/repairing.ts";
import { resolveLM } from "../lm/resolve.ts";
import type { ModuleOptions, RouteDecision, RouteQuestion, RouterStrategy } from "../options.ts";
import type { Program, Route } from "../router/engine.ts";
import { decide, otherRoute } from "../router/route.ts";
import { routed } from "../telemetry/events.ts";

export interface Attempt {
  readonly lm: LM;
  readonly route: Route;
  readonly reason: string;
}

export interface Plan {
  readonly first: Attempt;
  /** What to try after this failure; throws it when nothing is left. */
  after(error: unknown, completion: string | undefined): Promise<Attempt>;
}

export interface PlanRequest {
  readonly program: Program;
  readonly options: ModuleOptions;
  readonly lm: LM;
  readonly idempotent: boolean;
  readonly question: RouteQuestion;
  readonly strategy: RouterStrategy;
  readonly signal: AbortSignal;
}

export function makePlan(request: PlanRequest): Plan {
  const { program, options, question, strategy } = request;
  let made = 0;
  const announce = (attempt: Attempt): Attempt => {
    made++;
    if (routed.hasSubscribers)
      routed.publish({
        signature: program.signature.name,
        kind: program.kind,
        strategy: strategy.name,
        route: attempt.route,
        reason: attempt.reason,
        attempt: made,
      });
    return attempt;
  };
  const decision: RouteDecision = decide(question, strategy);
  const first = announce({ lm: request.lm, route: decision.route, reason: decision.reason });
  let current = first;
  let repairs = options.repair ?? 0;
  const models = [...(options.fallback?.lm ?? [])];
  let mayChangeRoute = options.fallback?.route === true && question[otherRoute(decision.route)] === true;

  return {
    first,
    async after(error, completion) {
      if (request.signal.aborted) throw request.signal.reason;
      if (repairs > 0 && repairable(error, program)) {
        repairs--;
        const reason = `repair: ${error.message}`;
        current = announce({ ...current, lm: repairing(current.lm, error.completion ?? completion ?? "", error), reason });
        return current;
      }
      if (!request.idempotent || !mayFallBack(error)) throw error;
      const reason = `fallback after ${error instanceof DspexError ? error.code : String(error)}`;
      const model = models.shift();
      if (model !== undefined) current = { lm: await resolveLM(model), route: decision.route, reason };
      else if (mayChangeRoute) {
        mayChangeRoute = false;
        current = { lm: request.lm, route: otherRoute(decision.route), reason };
      } else throw error;
      return announce(current);
    },
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

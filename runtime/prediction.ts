/**
 * A prediction is its outputs: own enumerable properties, in the signature's order, whatever they are called. How the
 * call went stands beside them in `.meta`, or under `meta(prediction)` where a field has taken that name.
 */
import type { LM, Usage } from "./lm/lm.ts";
import { META } from "./meta-key.ts";
import type { Meta, Prediction } from "./module-types.ts";
import type { Exchange, Route } from "./router/engine.ts";

export function makePrediction(outputs: Readonly<Record<string, unknown>>, about: Meta): Prediction {
  const prediction: Record<string, unknown> = {};
  for (const name of Object.keys(outputs)) {
    // Assigning to __proto__ would set the prototype.
    if (name === "__proto__")
      Object.defineProperty(prediction, name, { value: outputs[name], enumerable: true, configurable: true, writable: true });
    else prediction[name] = outputs[name];
  }
  Object.defineProperty(prediction, Object.hasOwn(prediction, "meta") ? META : "meta", { value: about, configurable: true });
  return prediction as Prediction;
}

/** The meta of what `makePrediction` made. */
export function aboutOf(prediction: Prediction): Meta {
  return prediction[META] ?? prediction.meta;
}

export type MutableMeta = { -readonly [K in keyof Meta]: Meta[K] };

/** What every call can say; a route adds what only it knows. */
export function metaOf(route: Route, reason: string, attempts: readonly Exchange[], lm: LM, began: number): MutableMeta {
  const last = attempts.at(-1);
  const usage = attempts.length === 1 ? last!.usage : totalUsage(attempts);
  const meta: MutableMeta = {
    route,
    reason,
    model: last?.model ?? lm.model,
    messages: last?.messages ?? [],
    attempts,
    cached: false,
    latency: performance.now() - began,
  };
  if (last?.response) meta.response = last.response;
  if (usage) meta.usage = usage;
  return meta;
}

/** What every request of a call used, together; absent where no endpoint said. */
export function totalUsage(attempts: readonly Exchange[]): Usage | undefined {
  let total: Usage | undefined;
  for (const { usage } of attempts) if (usage) total = total ? added(total, usage) : usage;
  return total;
}

function added(a: Usage, b: Usage): Usage {
  const tokens = {
    promptTokens: a.promptTokens + b.promptTokens,
    completionTokens: a.completionTokens + b.completionTokens,
    totalTokens: a.totalTokens + b.totalTokens,
  };
  return a.cost === undefined && b.cost === undefined ? tokens : { ...tokens, cost: (a.cost ?? 0) + (b.cost ?? 0) };
}

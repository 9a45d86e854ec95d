/**
 * A prediction is its outputs: own enumerable properties, in the signature's order, whatever they are called. How the
 * call went stands beside them in `.meta`, or under `meta(prediction)` where a field has taken that name.
 */
import type { LM, Usage } from "./lm/lm.ts";
import { setMeta } from "./meta.ts";
import type { Meta, Prediction } from "./module-types.ts";
import type { Exchange } from "./router/engine.ts";

export function makePrediction(outputs: Readonly<Record<string, unknown>>, about: Meta): Prediction {
  const prediction: Record<string, unknown> = {};
  for (const name of Object.keys(outputs)) {
    // Assigning to __proto__ would set the prototype.
    if (name === "__proto__")
      Object.defineProperty(prediction, name, { value: outputs[name], enumerable: true, configurable: true, writable: true });
    else prediction[name] = outputs[name];
  }
  if (!Object.hasOwn(prediction, "meta")) Object.defineProperty(prediction, "meta", { value: about, configurable: true });
  setMeta(prediction, about);
  return prediction as Prediction;
}

/** What every request of a call used, together; absent where no endpoint said. */
export function totalUsage(attempts: readonly Exchange[]): Usage | undefined {
  let total: Usage | undefined;
  for (const { usage } of attempts) {
    if (!usage) continue;
    total = total
      ? {
          promptTokens: total.promptTokens + usage.promptTokens,
          completionTokens: total.completionTokens + usage.completionTokens,
          totalTokens: total.totalTokens + usage.totalTokens,
          ...((total.cost ?? usage.cost) === undefined ? {} : { cost: (total.cost ?? 0) + (usage.cost ?? 0) }),
        }
      : usage;
  }
  return total;
}

/** The part of `Meta` that the requests tell. */
export function metaOf(attempts: readonly Exchange[], lm: LM): Pick<Meta, "messages" | "attempts" | "model" | "response" | "usage"> {
  const last = attempts.at(-1);
  const usage = attempts.length === 1 ? last!.usage : totalUsage(attempts);
  return {
    model: last?.model ?? lm.model,
    messages: last?.messages ?? [],
    attempts,
    ...(last?.response && { response: last.response }),
    ...(usage && { usage }),
  };
}

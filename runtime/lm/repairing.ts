/**
 * A repair turn: the same request once more, followed by what the model said and by what was wrong with it. It wraps the
 * model, so that both routes ask again in the same words and neither engine knows of it.
 */
import type { SignatureError } from "../errors.ts";
import type { LM, LMRequest } from "./lm.ts";

export function repairing(lm: LM, completion: string, error: SignatureError): LM {
  const wrong = error.issues.length ? error.issues.map(({ message }) => `- ${message}`).join("\n") : `- ${error.message}`;
  const turn = [
    { role: "assistant", content: completion },
    { role: "user", content: `That answer was refused:\n${wrong}\nAnswer again, in the same format, with every field corrected.` },
  ] as const;
  const again = (request: LMRequest): LMRequest => ({ ...request, messages: [...request.messages, ...turn] });
  return {
    model: lm.model,
    endpoint: lm.endpoint,
    supports: lm.supports,
    config: lm.config,
    complete: (request) => lm.complete(again(request)),
    ...(lm.stream && { stream: (request) => lm.stream!(again(request)) }),
  };
}

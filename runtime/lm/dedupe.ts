/**
 * One request for identical requests under way at the same time. Requests that ask for variety (a temperature above 0,
 * several choices, rollouts that differ) are never shared. A caller that leaves does not end the request for the others;
 * when the last one has left, it is aborted.
 */
import { canonical } from "../cache/key.ts";
import type { LMConfig, LMRequest, LMResponse } from "./lm.ts";

interface Shared {
  readonly answer: Promise<LMResponse>;
  readonly controller: AbortController;
  callers: number;
}

export type Complete = (request: LMRequest, config: LMConfig) => Promise<LMResponse>;

export function deduplicated(complete: Complete): Complete {
  const underWay = new Map<string, Shared>();
  return (request, config) => {
    if ((config.temperature ?? 0) > 0 || (config.n ?? 1) > 1) return complete(request, config);
    const { signal, deadline: _, retries: __, ...same } = request;
    if (signal?.aborted) return Promise.reject(signal.reason);
    const key = canonical({ ...same, config });
    const shared = underWay.get(key) ?? begin(request, config);
    underWay.set(key, shared);
    const forget = () => underWay.get(key) === shared && underWay.delete(key);
    if (shared.callers === 0) shared.answer.then(forget, forget);
    return join(shared, signal, forget);
  };

  /** Its deadline is every caller's own: each leaves at its own time. */
  function begin({ deadline: _, ...undated }: LMRequest, config: LMConfig): Shared {
    const controller = new AbortController();
    return { answer: complete({ ...undated, signal: controller.signal }, config), controller, callers: 0 };
  }
}

function join(shared: Shared, signal: AbortSignal | undefined, forget: () => unknown): Promise<LMResponse> {
  shared.callers++;
  if (!signal) return shared.answer;
  return new Promise((resolve, reject) => {
    const left = () => {
      reject(signal.reason);
      if (--shared.callers > 0) return;
      forget();
      shared.controller.abort(signal.reason);
    };
    signal.addEventListener("abort", left, { once: true });
    shared.answer.then(resolve, reject).finally(() => signal.removeEventListener("abort", left));
  });
}

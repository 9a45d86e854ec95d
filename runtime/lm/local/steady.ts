/**
 * Keeps a greedy answer from depending on what was asked before it, as far as is known. llama.cpp keeps the prefix that a prompt
 * shares with the one before; where that is the whole prompt it evaluates one token alone, by other kernels than a
 * batch's, and the last bits differ (batches of any other size agree exactly: 14 of 14 prompts). So a prompt that was
 * sent before is evaluated whole.
 */
import { createHash } from "node:crypto";
import type { LM, LMRequest } from "../lm.ts";

/** Prompts remembered; far more than the server has contexts to keep them in. */
const REMEMBERED = 1024;

export function steady(client: LM): LM {
  const sent = new Set<string>();
  const prepared = (request: LMRequest): LMRequest => {
    if ((request.config.temperature ?? 0) > 0) return request;
    const prompt = createHash("sha256").update(JSON.stringify(request.messages)).digest("base64");
    const again = sent.delete(prompt);
    sent.add(prompt);
    if (sent.size > REMEMBERED) sent.delete(sent.keys().next().value!);
    return again ? { ...request, config: { ...request.config, extra: { ...request.config.extra, cache_prompt: false } } } : request;
  };
  return {
    ...client,
    complete: (request) => client.complete(prepared(request)),
    stream: (request) => client.stream!(prepared(request)),
  };
}

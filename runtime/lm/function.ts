/** A model that is a function: `(request) => text`. Its failures are LM failures, and a transient one is tried again. */
import { DspexError } from "../errors.ts";
import type { LMFunction } from "../options.ts";
import { withRetries } from "../resilience/retry.ts";
import { failureOfStatus } from "./failure.ts";
import type { LM, LMRequest, LMResponse } from "./lm.ts";
import { LMError } from "./lm-error.ts";
import { observed } from "./observed.ts";

export function functionLM(answer: LMFunction): LM {
  const model = answer.name || "function";
  return {
    model,
    endpoint: "function",
    supports: {},
    config: {},
    complete: (request) => observed({ model, endpoint: "function", stream: false }, () => asked(answer, request)),
  };
}

function asked(answer: LMFunction, request: LMRequest): Promise<LMResponse> {
  const { retries = 2, deadline = Number.POSITIVE_INFINITY, signal } = request;
  return withRetries(
    async (attempts) => {
      const response = responseOf(await answerOf(() => answer(request)), "The model function");
      return attempts > 1 ? { ...response, attempts } : response;
    },
    { retries, deadline, signal },
  );
}

async function answerOf(ask: () => unknown): Promise<unknown> {
  try {
    return await ask();
  } catch (error) {
    throw error instanceof DspexError ? error : foreignFailure(error, "function", "The model function");
  }
}

/** An error of somebody else's making as an LMError: by its HTTP status where it has one; otherwise trying again is a guess. */
export function foreignFailure(error: unknown, endpoint: string, who: string): LMError {
  const message = error instanceof Error ? error.message : String(error);
  const { status, statusCode = status } = Object(error) as { status?: unknown; statusCode?: unknown };
  if (typeof statusCode === "number") return failureOfStatus(statusCode, { endpoint, body: message, cause: error });
  return new LMError("transport", `${who} failed: ${message}`, { endpoint, cause: error, transient: false });
}

/** The text, several texts, or a whole response. */
export function responseOf(answer: unknown, who: string): LMResponse {
  if (typeof answer === "string") return { choices: [{ text: answer }] };
  const choices = Array.isArray(answer) ? answer.map((text) => ({ text })) : (answer as LMResponse | null | undefined)?.choices;
  if (Array.isArray(choices) && choices.length && choices.every((choice) => typeof choice?.text === "string"))
    return Array.isArray(answer) ? { choices } : (answer as LMResponse);
  throw new LMError("protocol", `${who} answered with ${answer === null ? "null" : typeof answer}.`, {
    endpoint: "function",
    transient: false,
    remedy: "Return the text, or { choices: [{ text }] }.",
  });
}

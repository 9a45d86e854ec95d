/** OpenAI's chat completions protocol as data: a request's body, a response's choices, a stream's chunks. */

import { excerpt, failureTold } from "./failure.ts";
import type { LMChoice, LMChunk, LMConfig, LMRequest, LMResponse, Usage } from "./lm.ts";
import { LMError } from "./lm-error.ts";

/** These refuse `max_tokens` and count their thinking into `max_completion_tokens`. */
const REASONING = /^(o[1345](-|$)|gpt-5(?!.*-chat))/;

export function bodyOf(
  model: string,
  config: LMConfig,
  { messages, responseFormat, tools }: LMRequest,
  stream: boolean,
): Record<string, unknown> {
  const { temperature, maxTokens, topP, n, stop, seed, extra } = config;
  return {
    model,
    messages,
    ...(temperature !== undefined && { temperature }),
    ...(maxTokens !== undefined && { [REASONING.test(model) ? "max_completion_tokens" : "max_tokens"]: maxTokens }),
    ...(topP !== undefined && { top_p: topP }),
    ...(n !== undefined && n > 1 && { n }),
    ...(stop?.length && { stop }),
    ...(seed !== undefined && { seed }),
    ...(responseFormat !== undefined && { response_format: responseFormat }),
    ...(tools?.length && { tools }),
    ...(stream && { stream: true, stream_options: { include_usage: true } }),
    ...extra,
  };
}

export interface Price {
  readonly input: number;
  readonly output: number;
}

/** Who answers: how its errors name it, what its tokens cost, and what no error may quote. */
export interface Source {
  readonly endpoint: string;
  readonly price?: Price | undefined;
  readonly secrets: readonly string[];
}

/** A whole response; what is no completion is a `protocol` failure that says what came instead. */
export function responseOf(text: string, source: Source): LMResponse {
  const body = parse(text, source);
  const choices = Array.isArray(body?.choices) ? (body.choices as unknown[]).map(choiceOf) : [];
  if (!choices.length || choices.includes(undefined))
    throw body?.error ? failureTold(body.error, source, "") : notCompletion(text, source, false);
  const usage = usageOf(body.usage, source.price);
  return {
    choices: choices as LMChoice[],
    ...(typeof body.model === "string" && { model: body.model }),
    ...(usage && { usage }),
  };
}

/** One `data:` line of a stream; undefined where it carries nothing. */
export function chunkOf(data: string, source: Source): LMChunk | undefined {
  const body = parse(data, source);
  if (body?.error) throw failureTold(body.error, source, " in mid-stream");
  const choice = body?.choices?.[0];
  const text = typeof choice?.delta?.content === "string" ? choice.delta.content : "";
  const usage = usageOf(body?.usage, source.price);
  const finishReason = choice?.finish_reason;
  if (!text && !usage && typeof finishReason !== "string") return undefined;
  return {
    text,
    ...(typeof finishReason === "string" && { finishReason }),
    ...(usage && { usage }),
    ...(typeof body.model === "string" && { model: body.model }),
  };
}

function parse(text: string, source: Source): any {
  try {
    return JSON.parse(text);
  } catch {
    // A body cut short is the connection's fault and worth another attempt; a page of HTML will be the same page again.
    // No cause: the platform's own error quotes the text, whatever it holds.
    throw notCompletion(text, source, !/^\s*</.test(text));
  }
}

function notCompletion(text: string, { endpoint, secrets }: Source, transient: boolean): LMError {
  const what = text.trim() === "" ? "an empty body" : `something that is no chat completion: ${excerpt(text, secrets)}`;
  return new LMError("protocol", `${endpoint} answered with ${what}${/[.!?]$/.test(what) ? "" : "."}`, {
    endpoint,
    transient,
    remedy: "Check `baseURL`: it should end where /chat/completions follows.",
  });
}

function choiceOf(choice: any): LMChoice | undefined {
  const message = choice?.message;
  if (typeof message !== "object" || message === null) return undefined;
  const { content, tool_calls: toolCalls, reasoning_content: reasoning = message.reasoning } = message;
  const text = Array.isArray(content) ? content.map((part) => (typeof part?.text === "string" ? part.text : "")).join("") : (content ?? "");
  if (typeof text !== "string") return undefined;
  return {
    text,
    ...(typeof choice.finish_reason === "string" && { finishReason: choice.finish_reason }),
    ...(Array.isArray(toolCalls) && toolCalls.length && { toolCalls }),
    ...(typeof reasoning === "string" && reasoning && { reasoning }),
  };
}

function usageOf(usage: any, price: Price | undefined): Usage | undefined {
  if (typeof usage !== "object" || usage === null) return undefined;
  const count = (value: unknown) => (typeof value === "number" && Number.isFinite(value) && value > 0 ? value : 0);
  const promptTokens = count(usage.prompt_tokens);
  const completionTokens = count(usage.completion_tokens);
  const cost = typeof usage.cost === "number" ? usage.cost : price && (promptTokens * price.input + completionTokens * price.output) / 1e6;
  return {
    promptTokens,
    completionTokens,
    totalTokens: count(usage.total_tokens) || promptTokens + completionTokens,
    ...(cost !== undefined && { cost }),
  };
}

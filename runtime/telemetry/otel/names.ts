/** What a span is called and carries, by the gen_ai semantic conventions where they have a word for it. */
import { type Attributes, SpanKind } from "@opentelemetry/api";
import { DspexError } from "../../errors.ts";
import type { Usage } from "../../lm/lm.ts";
import type { ExecuteEvent, RequestEvent, StepEvent } from "../events.ts";

export interface Names<T> {
  readonly kind: SpanKind;
  name(event: T): string;
  /** Known at the start. */
  before(event: T): Attributes;
  /** Known at the end. */
  after(event: T): Attributes;
}

export const callNames: Names<ExecuteEvent> = {
  kind: SpanKind.INTERNAL,
  name: ({ kind, signature }) => `${kind} ${signature}`,
  before: ({ signature, kind, route, model }) => ({
    "gen_ai.operation.name": "invoke_agent",
    "gen_ai.agent.name": signature,
    "gen_ai.request.model": model,
    "dspex.kind": kind,
    "dspex.route": route,
  }),
  after: ({ usage, pool, worker, error }) => ({
    ...tokens(usage),
    ...(pool !== undefined && { "dspex.pool": pool }),
    ...(worker !== undefined && { "dspex.worker": worker }),
    ...errorType(error),
  }),
};

export const requestNames: Names<RequestEvent> = {
  kind: SpanKind.CLIENT,
  name: ({ model }) => `chat ${model}`,
  before: ({ model, endpoint, stream }) => ({
    "gen_ai.operation.name": "chat",
    "gen_ai.request.model": model,
    "gen_ai.output.type": "text",
    "dspex.stream": stream,
    ...addressOf(endpoint),
  }),
  after: ({ usage, attempts, finishReason, error }) => ({
    ...tokens(usage),
    ...(attempts !== undefined && { "dspex.attempts": attempts }),
    ...(finishReason !== undefined && { "gen_ai.response.finish_reasons": [finishReason] }),
    ...errorType(error),
  }),
};

export const stepNames: Names<StepEvent> = {
  kind: SpanKind.INTERNAL,
  name: ({ step }) => `step ${step}`,
  before: ({ pipeline, step, kind }) => ({ "dspex.pipeline": pipeline, "dspex.step": step, "dspex.kind": kind }),
  after: ({ error }) => errorType(error),
};

function tokens(usage: Usage | undefined): Attributes {
  return usage ? { "gen_ai.usage.input_tokens": usage.promptTokens, "gen_ai.usage.output_tokens": usage.completionTokens } : {};
}

/** The stable code where there is one: low in cardinality, as the conventions ask. */
export function errorType(error: unknown): Attributes {
  if (error === undefined) return {};
  return { "error.type": error instanceof DspexError ? error.code : error instanceof Error ? error.name : "unknown" };
}

function addressOf(endpoint: string): Attributes {
  if (!URL.canParse(endpoint) || !endpoint.startsWith("http")) return { "gen_ai.provider.name": endpoint };
  const { hostname, port, protocol } = new URL(endpoint);
  return { "server.address": hostname, "server.port": Number(port) || (protocol === "https:" ? 443 : 80) };
}

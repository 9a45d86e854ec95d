/**
 * Answers a program's completions with the call's LM, and keeps what was asked. When a call starts again after a lost
 * worker, what had been answered is answered from here: a repeat pays for nothing twice.
 */
import type { LM, LMConfig, LMRequest, LMResponse } from "../lm/lm.ts";
import type { EngineCall, Exchange } from "../router/engine.ts";
import type { Call } from "./call.ts";
import { plain } from "./outputs.ts";
import { fingerprintOf } from "./quarantine.ts";
import { pack, toWire } from "./wire/codec.ts";

/** What `lm_engine.py` sends: a request without what only the host knows. */
export interface LMQuestion {
  readonly messages: LMRequest["messages"];
  readonly config: LMConfig;
  readonly responseFormat?: unknown;
  readonly tools?: readonly unknown[];
}

type Recorded = { -readonly [K in keyof Exchange]: Exchange[K] };

export class HostLM {
  /** Of the attempt under way. */
  exchanges: Recorded[] = [];
  readonly #call: EngineCall;
  /** Answers of attempts that were lost, in order, by what was asked; the rollout's number is part of the question. */
  readonly #answered = new Map<string, LMResponse[]>();
  /** The questions of this attempt, kept only so that a loss finds them. */
  #asked: { question: LMQuestion; response: LMResponse }[] = [];

  constructor(call: EngineCall) {
    this.#call = call;
  }

  /** Another attempt begins: what the last one got answered is at hand for this one. */
  restart(): void {
    for (const { question, response } of this.#asked) {
      const key = fingerprintOf(pack(toWire(question)));
      const responses = this.#answered.get(key);
      if (responses) responses.push(response);
      else this.#answered.set(key, [response]);
    }
    this.#asked = [];
    this.exchanges = [];
  }

  async answer(streaming: boolean, asked: LMQuestion, at: Call, emit: (chunk: unknown) => void): Promise<unknown> {
    const question = plain(asked) as LMQuestion;
    const { lm, config, deadline, retries } = this.#call;
    const { signal } = at;
    const { extra: theirs, ...said } = question.config;
    const extra = { ...config.extra, ...theirs };
    const request: LMRequest = {
      messages: question.messages,
      config: { ...said, ...(Object.keys(extra).length > 0 ? { extra } : {}) },
      ...(question.responseFormat === undefined ? {} : { responseFormat: question.responseFormat }),
      ...(question.tools === undefined ? {} : { tools: question.tools }),
      signal,
      retries,
      ...(Number.isFinite(deadline) ? { deadline } : {}),
    };
    const exchange: Recorded = { messages: request.messages };
    this.exchanges.push(exchange);
    try {
      const before = this.#answered.size > 0 ? this.#answered.get(fingerprintOf(pack(toWire(question))))?.shift() : undefined;
      const response = before ?? (streaming && lm.stream ? await relay(lm, request, emit) : await lm.complete(request));
      if (streaming && (before || !lm.stream)) emit({ text: response.choices[0]?.text ?? "" });
      this.#asked.push({ question, response });
      exchange.response = response;
      exchange.model = response.model ?? lm.model;
      if (response.usage) exchange.usage = response.usage;
      const [first] = response.choices;
      return { choices: [first], model: exchange.model, ...(response.usage ? { usage: response.usage } : {}) };
    } catch (error) {
      exchange.failed = error instanceof Error ? error.message : String(error);
      throw error;
    } finally {
      at.unhear(signal);
    }
  }
}

async function relay(lm: LM, request: LMRequest, emit: (chunk: unknown) => void): Promise<LMResponse> {
  let text = "";
  let finishReason: string | undefined;
  let usage: LMResponse["usage"];
  let model: string | undefined;
  for await (const chunk of lm.stream!(request)) {
    text += chunk.text;
    finishReason = chunk.finishReason ?? finishReason;
    usage = chunk.usage ?? usage;
    model = chunk.model ?? model;
    emit(chunk);
  }
  return {
    choices: [{ text, ...(finishReason === undefined ? {} : { finishReason }) }],
    ...(usage ? { usage } : {}),
    ...(model === undefined ? {} : { model }),
  };
}

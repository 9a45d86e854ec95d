/**
 * A call as a stream of events. The model's text is read as it arrives; the values that count are those of the whole
 * text, parsed once at its end, and where what was shown differs from them a `reset` says so and they are shown anew.
 */
import { ConfigurationError } from "../errors.ts";
import type { LMChunk } from "../lm/lm.ts";
import { END } from "../pulled.ts";
import type { EngineCall, EngineEvent, Exchange } from "../router/engine.ts";
import { predictorOf, questionOf } from "./engine.ts";
import { ParseError } from "./parse-error.ts";
import { ask, byEndpoint, type Question, surfaced } from "./predict.ts";
import { Fields } from "./stream/fields.ts";
import { type EventSource, Pump } from "./stream/pump.ts";
import { Reply } from "./stream/reply.ts";

export function stream(call: EngineCall): AsyncGenerator<EngineEvent, undefined, undefined> {
  const exchanges: Exchange[] = [];
  const question = questionOf(call, predictorOf(call.program), exchanges);
  return new Pump(
    new StreamedAnswer(question, (outputs) => ({ type: "done", result: { outputs: outputs[0]!, completions: outputs, exchanges } })),
  );
}

type Completions = readonly Record<string, unknown>[];

/** One predictor's answer while it comes, and the event that ends it. */
export class StreamedAnswer implements EventSource {
  readonly events: EngineEvent[] = [];
  private readonly question: Question;
  private readonly done: (completions: Completions) => EngineEvent;
  private reply: Reply | undefined;
  private again = false;
  private unread: Error | undefined;

  constructor(question: Question, done: (completions: Completions) => EngineEvent) {
    this.question = question;
    this.done = done;
  }

  read(): Promise<IteratorResult<LMChunk, unknown>> {
    if (this.reply) return this.reply.read();
    const { call, config } = this.question;
    if ((config.n ?? call.lm.config.n ?? 1) > 1 || byEndpoint(this.question)) return this.atOnce();
    try {
      this.reply = this.ask();
    } catch (error) {
      // As in `predict.ts`: without JSONAdapter the cause tells the reply.
      if (error instanceof ConfigurationError) error.cause ??= this.unread;
      throw error;
    }
    return this.reply.read();
  }

  feed(chunk: LMChunk): void {
    this.reply!.feed(chunk);
  }

  end(): boolean {
    if (!this.reply) return false;
    try {
      this.events.push(this.done([this.reply.finish()]));
      return false;
    } catch (error) {
      if (!(error instanceof ParseError)) throw error;
      // DSPy never asks again once output was shown.
      this.unread = surfaced(this.question, error);
      if (this.again || this.question.call.adapter === "json" || this.reply.shown) throw this.unread;
    }
    this.events.push({ type: "reset", reason: "the reply could not be read; asked again for JSON" });
    this.again = true;
    this.reply = undefined;
    return true;
  }

  private ask(): Reply {
    const { adapter } = this.question.call;
    const fields = new Fields(this.question.layout, this.events);
    return this.again ? new Reply(this.question, "json", false, fields) : new Reply(this.question, adapter, adapter === "json", fields);
  }

  /** Several answers, and what an endpoint gives by its own ways, are shown when they are there. */
  private async atOnce(): Promise<IteratorResult<LMChunk, undefined>> {
    const completions = await ask(this.question);
    new Fields(this.question.layout, this.events).finish(completions[0]!);
    this.events.push(this.done(completions));
    return END;
  }

  async leave(): Promise<void> {
    await this.reply?.leave();
  }
}

/**
 * A call as a stream of events. The model's text is read as it arrives; the values that count are those of the whole
 * text, parsed once at its end, and where what was shown differs from them a `reset` says so and they are shown anew.
 */
import type { EngineCall, EngineEvent, EngineResult, Exchange } from "../router/engine.ts";
import { predictorOf, questionOf } from "./engine.ts";
import { ParseError } from "./parse-error.ts";
import { ask, type Question, surfaced } from "./predict.ts";
import { Fields } from "./stream/fields.ts";
import { Reply } from "./stream/reply.ts";

export async function* stream(call: EngineCall): AsyncGenerator<EngineEvent, void, undefined> {
  if (call.program.kind === "react") {
    yield* (await import("./react.ts")).reactStream(call);
    return;
  }
  const exchanges: Exchange[] = [];
  const answer = new StreamedAnswer(questionOf(call, predictorOf(call.program), exchanges));
  try {
    let more = true;
    while (more) {
      more = await answer.advance();
      for (const event of answer.take()) yield event;
    }
  } finally {
    await answer.leave();
  }
  yield { type: "done", result: { outputs: answer.outputs[0]!, completions: answer.outputs, exchanges } satisfies EngineResult };
}

/**
 * One predictor's answer while it comes. Not a generator: a delta would pass through one more promise for every
 * generator it is handed through, and at thousands of chunks that is most of the time.
 */
export class StreamedAnswer {
  outputs: readonly Record<string, unknown>[] = [];
  private readonly question: Question;
  private readonly events: EngineEvent[] = [];
  private reply: Reply | undefined;
  private again = false;

  constructor(question: Question) {
    this.question = question;
  }

  /** Reads on until there is something to tell; false when the answer is complete. */
  async advance(): Promise<boolean> {
    const { call, layout, config } = this.question;
    if ((config.n ?? call.lm.config.n ?? 1) > 1) return this.several();
    this.reply ??= new Reply(this.question, this.again ? "json" : call.adapter, !this.again && call.adapter === "json", new Fields(layout, this.events));
    try {
      if (await this.reply.read()) return true;
      this.outputs = [this.reply.finish()];
      return false;
    } catch (error) {
      if (!(error instanceof ParseError)) throw error;
      // DSPy never asks again once output was shown.
      if (this.again || call.adapter === "json" || this.reply.shown) throw surfaced(this.question, error);
    }
    this.events.push({ type: "reset", reason: "the reply could not be read; asked again for JSON" });
    this.again = true;
    this.reply = undefined;
    return true;
  }

  /** Several answers at once are shown when they are there. */
  private async several(): Promise<boolean> {
    this.outputs = await ask(this.question);
    new Fields(this.question.layout, this.events).finish(this.outputs[0]!);
    return false;
  }

  take(): readonly EngineEvent[] {
    return this.events.splice(0);
  }

  /** Lets go of a reply that is still coming. */
  async leave(): Promise<void> {
    await this.reply?.leave();
  }
}

/**
 * Events as an async iterator, by hand. An async generator costs three turns of the microtask queue an event; at
 * thousands of small chunks that was two thirds of the time (130 kB in 16,200 chunks: 110 ms with generators).
 */
import type { EngineEvent } from "../../router/engine.ts";

export interface EventSource {
  /** Where news are put; the pump takes them out. */
  readonly events: EngineEvent[];
  /** Reads on until there is something to tell; false when there is nothing more. */
  advance(): Promise<boolean>;
  /** Lets go of what is still under way. */
  leave(): Promise<void>;
}

type Result = IteratorResult<EngineEvent, undefined>;
const END: Result = { done: true, value: undefined };

export class Pump implements AsyncGenerator<EngineEvent, undefined, undefined> {
  private readonly source: EventSource;
  private at = 0;
  private over = false;
  /** Calls of `next` that did not wait for the one before stand in line. */
  private line: Promise<unknown> | undefined;
  private waiting = 0;

  constructor(source: EventSource) {
    this.source = source;
  }

  next(): Promise<Result> {
    if (this.line) return this.queue();
    const event = this.buffered();
    if (event) return Promise.resolve({ done: false, value: event });
    return this.over ? Promise.resolve(END) : this.queue();
  }

  private queue(): Promise<Result> {
    this.waiting++;
    const pull = () => this.pull();
    const result = this.line ? this.line.then(pull, pull) : pull();
    this.line = result;
    return result;
  }

  private async pull(): Promise<Result> {
    try {
      for (;;) {
        const event = this.buffered();
        if (event) return { done: false, value: event };
        if (this.over) return END;
        if (!(await this.source.advance())) this.over = true;
      }
    } catch (error) {
      this.over = true;
      await this.source.leave();
      throw error;
    } finally {
      if (--this.waiting === 0) this.line = undefined;
    }
  }

  private buffered(): EngineEvent | undefined {
    const { events } = this.source;
    if (this.at < events.length) return events[this.at++];
    events.length = 0;
    this.at = 0;
    return undefined;
  }

  async return(): Promise<Result> {
    this.over = true;
    this.source.events.length = 0;
    await this.source.leave();
    return END;
  }

  async throw(error: unknown): Promise<Result> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }
}

/** Chunks in, events out: a chunk is read only when every event of those before it was taken. */
import type { LMChunk } from "../../lm/lm.ts";
import { END, Pulled } from "../../pulled.ts";
import type { EngineEvent } from "../../router/engine.ts";

export interface EventSource {
  /** Where news are put; the pump takes them out. */
  readonly events: EngineEvent[];
  /** The next chunk of the text that is read now. */
  read(): Promise<IteratorResult<LMChunk, unknown>>;
  feed(chunk: LMChunk): void;
  /** The text has ended; true when another one is to be read. */
  end(): boolean;
  /** Lets go of what is still under way. */
  leave(): Promise<void>;
}

export class Pump extends Pulled<EngineEvent> {
  private readonly source: EventSource;
  /** The last events are there, and are still to be taken. */
  private ended = false;

  constructor(source: EventSource) {
    super();
    this.source = source;
  }

  protected pull(): void {
    const value = this.source.events.shift();
    if (value) this.tell({ done: false, value });
    else if (this.ended) this.tell(END);
    else this.read();
  }

  private read(): void {
    try {
      this.source.read().then(this.took, this.broke);
    } catch (error) {
      this.broke(error);
    }
  }

  private readonly took = (chunk: IteratorResult<LMChunk, unknown>): void => {
    if (this.over) return;
    try {
      if (!chunk.done) this.source.feed(chunk.value);
      else this.ended = !this.source.end();
    } catch (error) {
      this.broke(error);
      return;
    }
    this.pull();
  };

  private readonly broke = (error: unknown): void => {
    if (this.over) return;
    const fail = () => this.fail(error);
    this.over = true;
    this.source.leave().then(fail, fail);
  };

  protected leave(): Promise<void> {
    this.source.events.length = 0;
    return this.source.leave();
  }
}

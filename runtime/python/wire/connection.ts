/**
 * A socket that speaks frames. Long messages are cut, and short ones pass between their parts; control frames go before
 * all of them. One long message is under way at a time: the peer has to keep the parts of what has begun, so begun
 * together they would cost it their sum, and none would arrive sooner. The kernel's buffer is kept short, because what
 * is in it can no longer be overtaken.
 */
import type { Socket } from "node:net";
import { compressed, encodeFrame, encodeFrames, FrameDecoder, FrameType, LIMITS, type Limits, ProtocolError, STRANGER } from "./frame.ts";
import { unreadOf } from "./unread.ts";

export interface ConnectionEvents {
  message(type: FrameType, stream: number, body: Buffer): void;
  /**
   * Once. `ProtocolError` when the peer broke the protocol; the connection is closed by then. `heardOut`: the peer has
   * ended, and all it ever said has been handed on.
   */
  closed(error: Error | undefined, heardOut: boolean): void;
}

/** Bytes handed to the socket and not yet taken by the kernel, beyond which frames wait here. */
const HIGH_WATER = 512 << 10;
/** Copied into one buffer with their header: cheaper than a second piece. */
const SHORT = 4096;

interface Message {
  readonly frames: Iterator<Uint8Array[], void>;
  readonly long: boolean;
}
/** What waits of one stream, in order. */
interface Line {
  readonly key: number;
  readonly messages: Message[];
}

export class Connection {
  readonly socket: Socket;
  readonly #limits: Limits;
  readonly #decoder: FrameDecoder;
  #events: ConnectionEvents;
  #closed = false;
  #blocked = false;
  #inTurn = false;
  #corked = false;
  /** Short frames that wait for the end of a write. */
  readonly #pieces: Uint8Array[] = [];
  #gathered = 0;
  #ended = false;
  /** What was still to be read when a write failed. */
  #unread: Buffer | undefined;
  readonly #urgent: Uint8Array[][] = [];
  readonly #lines = new Map<number, Line>();
  /** The lines whose next message is short: they take turns. */
  readonly #short: Line[] = [];
  /** Those whose next message is long: the first of them is under way. */
  readonly #long: Line[] = [];
  /** Bytes of short messages that may still go before the next part of a long one. */
  #turn = 0;
  /** Whether bodies go compressed: the peer has said that it can read them, and a network lies between. */
  compresses = false;
  /** When the last byte came, by the host's own clock. */
  lastHeard: number = performance.now();

  constructor(socket: Socket, events: ConnectionEvents, limits: Limits = LIMITS) {
    this.socket = socket;
    this.#events = events;
    this.#limits = limits;
    this.#decoder = new FrameDecoder((type, stream, body) => {
      if (!this.#closed) this.#events.message(type, stream, body);
    }, STRANGER);
    socket.on("data", (data: Buffer) => {
      this.lastHeard = performance.now();
      try {
        this.#decoder.push(data);
      } catch (error) {
        // A handler's own mistake must not pass for the peer's.
        if (!(error instanceof ProtocolError)) throw error;
        this.#close(error);
      }
    });
    socket.on("drain", () => {
      this.#blocked = false;
      this.#flush();
    });
    socket.on("end", () => {
      this.#ended = true;
    });
    socket.on("error", (error) => this.#close(error));
    socket.on("close", () => this.#close(undefined));
  }

  /** The hub reads `hello`, then hands the connection on. */
  handOver(events: ConnectionEvents): void {
    this.#events = events;
    this.#decoder.allow(this.#limits);
  }

  /** Throws `ProtocolError` for a body beyond the limit, before any of it is sent. */
  send(type: FrameType, stream: number, body: Uint8Array, urgent = false): void {
    if (this.#closed) return;
    if (body.length > this.#limits.message)
      throw new ProtocolError(`a message of ${body.length} bytes, and ${this.#limits.message} are the most`);
    const key = lineOf(type, stream);
    if (this.compresses) ({ type, body } = compressed(type, body));
    const line = this.#lines.size > 0 ? this.#lines.get(key) : undefined;
    if (body.length <= SHORT && !this.#blocked && !line) {
      this.#write(encodeFrame(type, stream, body));
      return;
    }
    const message: Message = { frames: encodeFrames(type, stream, body, this.#limits), long: body.length > this.#limits.chunk };
    if (line) {
      // A cancel as well: before its own call it would mean nothing.
      line.messages.push(message);
    } else if (urgent && !message.long) {
      this.#urgent.push(message.frames.next().value as Uint8Array[]);
    } else {
      const made = { key, messages: [message] };
      this.#lines.set(key, made);
      this.#place(made);
    }
    this.#flush();
  }

  /**
   * The first leaves at once; those that follow before it is written leave together, the short ones as one piece. Even
   * where the kernel takes it at once, Node says so only at the end of this turn of the loop.
   */
  #write(part: Uint8Array): void {
    if (!this.#inTurn) {
      this.#inTurn = true;
      this.#hand(part, this.#endTurn);
    } else if (part.length <= SHORT) {
      this.#pieces.push(part);
      this.#gathered += part.length;
    } else {
      if (!this.#corked) {
        this.#corked = true;
        this.socket.cork();
      }
      this.#join();
      this.#hand(part);
    }
    if (this.socket.writableLength + this.#gathered > HIGH_WATER) {
      this.#join();
      this.#blocked = true;
    }
  }

  #join(): void {
    if (this.#gathered === 0) return;
    const [first] = this.#pieces;
    this.#hand(this.#pieces.length === 1 ? first! : Buffer.concat(this.#pieces, this.#gathered));
    this.#pieces.length = 0;
    this.#gathered = 0;
  }

  #hand(part: Uint8Array, written?: (error?: Error | null) => void): void {
    this.socket.write(part, written);
    if (this.socket.errored) this.#unread ??= unreadOf(this.socket);
  }

  readonly #endTurn = (error?: Error | null): void => {
    this.#inTurn = false;
    if (error || this.#closed) return;
    this.#join();
    if (!this.#corked) return;
    this.#corked = false;
    this.socket.uncork();
    if (this.socket.errored) this.#unread ??= unreadOf(this.socket);
  };

  #flush(): void {
    while (!this.#blocked && !this.#closed) {
      const urgent = this.#urgent.shift();
      if (urgent) {
        for (const part of urgent) this.#write(part);
        continue;
      }
      const line = this.#short.length > 0 && (this.#turn > 0 || this.#long.length === 0) ? this.#short.shift() : this.#long[0];
      if (!line) return;
      const { frames, long } = line.messages[0]!;
      const frame = frames.next();
      if (!frame.done)
        for (const part of frame.value) {
          this.#turn -= part.length;
          this.#write(part);
        }
      if (long) {
        this.#turn = this.#limits.chunk;
        if (!frame.done) continue;
        this.#long.shift();
      }
      line.messages.shift();
      if (line.messages.length > 0) this.#place(line);
      else this.#lines.delete(line.key);
    }
  }

  #place(line: Line): void {
    (line.messages[0]!.long ? this.#long : this.#short).push(line);
  }

  get closed(): boolean {
    return this.#closed;
  }

  destroy(): void {
    this.#close(undefined);
  }

  #close(error: Error | undefined): void {
    if (this.#closed) return;
    const heardOut = this.#hearOut(error);
    if (this.#closed) return;
    this.#closed = true;
    this.#lines.clear();
    this.#short.length = 0;
    this.#long.length = 0;
    this.#urgent.length = 0;
    this.socket.destroy();
    this.#events.closed(error, heardOut);
  }

  #hearOut(error: Error | undefined): boolean {
    if (this.#ended || (error as NodeJS.ErrnoException | undefined)?.syscall === "read") return true;
    const unread = this.#unread;
    if (!unread) return false;
    this.#unread = undefined;
    try {
      this.#decoder.push(unread);
      return true;
    } catch (broken) {
      if (!(broken instanceof ProtocolError)) throw broken;
      return false;
    }
  }
}

/** Callbacks are numbered by the worker, calls by the host, and the number of a ping is neither's. */
function lineOf(type: FrameType, stream: number): number {
  if (type === FrameType.ping || type === FrameType.pong) return Number.NaN;
  return type >= FrameType.callback && type <= FrameType.callbackChunk ? -stream : stream;
}

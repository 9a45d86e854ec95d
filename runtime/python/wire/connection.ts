/**
 * A socket that speaks frames. Long messages are cut and take turns, one part each, so that a short one waits for no
 * more than a part of each; control frames go before all of them. The kernel's buffer is kept short, because what is
 * in it can no longer be overtaken.
 */
import type { Socket } from "node:net";
import {
  compressed,
  encodeFrame,
  encodeFrames,
  FrameDecoder,
  type FrameType,
  LIMITS,
  type Limits,
  ProtocolError,
  STRANGER,
} from "./frame.ts";

export interface ConnectionEvents {
  message(type: FrameType, stream: number, body: Buffer): void;
  /** Once. `ProtocolError` when the peer broke the protocol; the connection is closed by then. */
  closed(error: Error | undefined): void;
}

/** Bytes handed to the socket and not yet taken by the kernel, beyond which frames wait here. */
const HIGH_WATER = 512 << 10;
/** Copied into one buffer with their header: cheaper than a second piece. */
const SHORT = 4096;

type Frames = Iterator<Uint8Array[], void>;

export class Connection {
  readonly socket: Socket;
  readonly #limits: Limits;
  readonly #decoder: FrameDecoder;
  #events: ConnectionEvents;
  #closed = false;
  #blocked = false;
  #inTurn = false;
  #corked = false;
  readonly #urgent: Uint8Array[][] = [];
  /** What waits, by stream: the messages of one stream stay in order, the streams take turns. */
  readonly #waiting = new Map<number, Frames[]>();
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
    if (this.compresses) ({ type, body } = compressed(type, body));
    if (body.length <= SHORT && !this.#blocked && !this.#waiting.has(stream)) {
      this.#write(encodeFrame(type, stream, body));
      return;
    }
    const frames: Frames = encodeFrames(type, stream, body, this.#limits);
    if (body.length <= this.#limits.chunk && (urgent || !this.#waiting.has(stream))) {
      const only = frames.next().value as Uint8Array[];
      if (!this.#blocked) for (const part of only) this.#write(part);
      else if (urgent) this.#urgent.push(only);
      else this.#waiting.set(stream, [[only].values()]);
      return;
    }
    const before = this.#waiting.get(stream);
    if (before) before.push(frames);
    else this.#waiting.set(stream, [frames]);
    this.#flush();
  }

  /** The first of a turn of the loop leaves at once; those that follow it leave together, in one write. */
  #write(part: Uint8Array): void {
    if (!this.#inTurn) {
      this.#inTurn = true;
      process.nextTick(this.#endTurn);
      this.socket.write(part);
    } else {
      if (!this.#corked) {
        this.#corked = true;
        this.socket.cork();
      }
      this.socket.write(part);
    }
    if (this.socket.writableLength > HIGH_WATER) this.#blocked = true;
  }

  readonly #endTurn = (): void => {
    this.#inTurn = false;
    if (!this.#corked) return;
    this.#corked = false;
    this.socket.uncork();
  };

  #flush(): void {
    while (!this.#blocked && !this.#closed) {
      const urgent = this.#urgent.shift();
      if (urgent) {
        for (const part of urgent) this.#write(part);
        continue;
      }
      const next = this.#waiting.entries().next().value;
      if (!next) return;
      const [stream, messages] = next;
      // To the end of the line: the streams take turns.
      this.#waiting.delete(stream);
      const frame = messages[0]!.next();
      if (frame.done) messages.shift();
      else for (const part of frame.value) this.#write(part);
      if (messages.length > 0) this.#waiting.set(stream, messages);
    }
  }

  get closed(): boolean {
    return this.#closed;
  }

  destroy(): void {
    this.#close(undefined);
  }

  #close(error: Error | undefined): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#waiting.clear();
    this.#urgent.length = 0;
    this.socket.destroy();
    this.#events.closed(error);
  }
}

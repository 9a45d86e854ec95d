/**
 * A socket that speaks frames. Control frames overtake the parts of long messages; the kernel's buffer is kept short,
 * because what is in it can no longer be overtaken.
 */
import type { Socket } from "node:net";
import { encodeFrames, FrameDecoder, type FrameType, LIMITS, type Limits, ProtocolError } from "./frame.ts";

export interface ConnectionEvents {
  message(type: FrameType, stream: number, body: Buffer): void;
  /** Once. `ProtocolError` when the peer broke the protocol; the connection is closed by then. */
  closed(error: Error | undefined): void;
}

/** Bytes handed to the socket and not yet taken by the kernel, beyond which frames wait here. */
const HIGH_WATER = 512 << 10;

export class Connection {
  readonly socket: Socket;
  readonly #limits: Limits;
  #events: ConnectionEvents;
  #closed = false;
  #urgent: Uint8Array[][] = [];
  #bulk: Generator<Uint8Array[]>[] = [];
  #blocked = false;
  /** When the last byte came, by the host's own clock. */
  lastHeard: number = performance.now();

  constructor(socket: Socket, events: ConnectionEvents, limits: Limits = LIMITS) {
    this.socket = socket;
    this.#events = events;
    this.#limits = limits;
    const decoder = new FrameDecoder((type, stream, body) => {
      if (!this.#closed) this.#events.message(type, stream, body);
    }, limits);
    socket.on("data", (data: Buffer) => {
      this.lastHeard = performance.now();
      try {
        decoder.push(data);
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
  }

  send(type: FrameType, stream: number, body: Uint8Array, urgent = false): void {
    if (this.#closed) return;
    if (body.length > this.#limits.message)
      throw new ProtocolError(`a message of ${body.length} bytes is longer than ${this.#limits.message}`);
    const frames = encodeFrames(type, stream, body, this.#limits);
    if (urgent || body.length <= this.#limits.chunk) {
      const only = frames.next().value!;
      if (this.#blocked && !urgent) this.#bulk.push(one(only));
      else if (this.#blocked) this.#urgent.push(only);
      else if (this.#bulk.length > 0 && !urgent) this.#bulk.push(one(only));
      else this.#write(only);
    } else {
      this.#bulk.push(frames);
      this.#flush();
    }
  }

  #write(parts: Uint8Array[]): void {
    if (parts.length === 1) this.socket.write(parts[0]!);
    else {
      this.socket.cork();
      for (const part of parts) this.socket.write(part);
      this.socket.uncork();
    }
    if (this.socket.writableLength > HIGH_WATER) this.#blocked = true;
  }

  #flush(): void {
    while (!this.#blocked && !this.#closed) {
      const urgent = this.#urgent.shift();
      if (urgent) {
        this.#write(urgent);
        continue;
      }
      const frames = this.#bulk[0];
      if (!frames) return;
      const next = frames.next();
      if (next.done) this.#bulk.shift();
      else this.#write(next.value);
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
    this.#bulk = [];
    this.#urgent = [];
    this.socket.destroy();
    this.#events.closed(error);
  }
}

function* one(frame: Uint8Array[]): Generator<Uint8Array[]> {
  yield frame;
}

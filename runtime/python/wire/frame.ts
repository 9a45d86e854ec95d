/**
 * Frames: what travels on a worker's socket. `python/dspex_worker/frame.py` is the twin; `test/wire` holds the bytes
 * both agree on.
 *
 *   u32 length (of all that follows) | u8 type | u32 stream | part of the body
 *
 * The type's top bit says that more of the message follows, the next one that its body is compressed (zstd; only
 * where a transport crosses a network, and only bodies that gain by it).
 *
 * All numbers are big-endian. A body longer than a chunk is cut, so that control frames pass between its parts.
 * The parts of one message share (type, stream) and arrive in order. Host and worker number their streams apart:
 * calls are numbered by the host, callbacks by the worker, and a type says whose number it carries.
 */

import { zstdCompressSync, zstdDecompressSync } from "node:zlib";

/** Version of the frames and bodies; both sides say theirs in `hello` and refuse another. */
export const WIRE_VERSION = 2;

export const FrameType: {
  readonly hello: 1;
  readonly call: 2;
  readonly result: 3;
  readonly error: 4;
  readonly chunk: 5;
  readonly end: 6;
  readonly credit: 7;
  readonly cancel: 8;
  readonly callback: 9;
  readonly callbackResult: 10;
  readonly callbackError: 11;
  readonly callbackChunk: 12;
  readonly log: 13;
  readonly event: 14;
  readonly ping: 15;
  readonly pong: 16;
  readonly drain: 17;
  readonly bye: 18;
} = {
  hello: 1,
  call: 2,
  result: 3,
  error: 4,
  chunk: 5,
  end: 6,
  credit: 7,
  cancel: 8,
  callback: 9,
  callbackResult: 10,
  callbackError: 11,
  callbackChunk: 12,
  log: 13,
  event: 14,
  ping: 15,
  pong: 16,
  drain: 17,
  bye: 18,
};
export type FrameType = (typeof FrameType)[keyof typeof FrameType];
const LAST_TYPE = 18;

const MORE = 0x80;
const ZSTD = 0x40;
/** Below this there is little to gain. */
const COMPRESS_FROM = 1024;
const HEADER = 9;

export interface Limits {
  /** A frame, header excluded. */
  readonly frame: number;
  /** A part of a cut body: the longest time a control frame waits behind data. */
  readonly chunk: number;
  /** A whole body. */
  readonly message: number;
}
export const LIMITS: Limits = { frame: 1 << 20, chunk: 256 << 10, message: 64 << 20 };

/** Before `hello` has been read nobody gets to send more than it takes. */
export const STRANGER: Limits = { frame: 4 << 10, chunk: 4 << 10, message: 4 << 10 };

/** The peer broke the protocol: the connection is poisoned, nothing of the message is seen. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
}

/** The body and the type it goes under: compressed where that makes it smaller. */
export function compressed(type: FrameType, body: Uint8Array): { readonly type: FrameType; readonly body: Uint8Array } {
  if (body.length < COMPRESS_FROM) return { type, body };
  const small = zstdCompressSync(body);
  return small.length < body.length ? { type: (type | ZSTD) as FrameType, body: small } : { type, body };
}

/** The only frame of a short body, in one buffer. */
export function encodeFrame(type: FrameType, stream: number, body: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(HEADER + body.length);
  frame.writeUInt32BE(5 + body.length, 0);
  frame[4] = type;
  frame.writeUInt32BE(stream, 5);
  frame.set(body, HEADER);
  return frame;
}

/** The bytes of one message: one buffer for a short body, header and slice in turn for a long one. */
export function* encodeFrames(type: FrameType, stream: number, body: Uint8Array, limits: Limits = LIMITS): Generator<Uint8Array[]> {
  if (body.length > limits.message) throw new ProtocolError(`a message of ${body.length} bytes is longer than ${limits.message}`);
  for (let at = 0; ; at += limits.chunk) {
    const part = body.length <= limits.chunk ? body : body.subarray(at, at + limits.chunk);
    const more = at + part.length < body.length;
    const header = Buffer.allocUnsafe(part.length <= 4096 ? HEADER + part.length : HEADER);
    header.writeUInt32BE(5 + part.length, 0);
    header[4] = more ? type | MORE : type;
    header.writeUInt32BE(stream, 5);
    if (header.length > HEADER || part.length === 0) {
      header.set(part, HEADER);
      yield [header];
    } else yield [header, part];
    if (!more) return;
  }
}

/** Cuts a byte stream into messages. Throws `ProtocolError` at the first byte that cannot be one. */
export class FrameDecoder {
  #limits: Limits;
  readonly #onMessage: (type: FrameType, stream: number, body: Buffer) => void;
  /** Bytes not yet a frame: the pieces as they came, joined only when a frame is whole. */
  #pieces: Buffer[] = [];
  #size = 0;
  #need = 4;
  #held = 0;
  readonly #parts = new Map<number, { size: number; pieces: Buffer[] }>();

  constructor(onMessage: (type: FrameType, stream: number, body: Buffer) => void, limits: Limits = LIMITS) {
    this.#onMessage = onMessage;
    this.#limits = limits;
  }

  /** Others for what follows: a stranger is allowed less than a worker. */
  allow(limits: Limits): void {
    this.#limits = limits;
  }

  push(data: Buffer): void {
    if (this.#size > 0) {
      this.#pieces.push(data);
      this.#size += data.length;
      if (this.#size < this.#need) return;
      data = Buffer.concat(this.#pieces, this.#size);
      this.#pieces = [];
      this.#size = 0;
    }
    let at = 0;
    this.#need = 4;
    while (data.length - at >= 4) {
      const length = data.readUInt32BE(at);
      if (length < 5 || length - 5 > this.#limits.frame) throw new ProtocolError(`a frame of ${length} bytes`);
      if (data.length - at - 4 < length) {
        this.#need = 4 + length;
        break;
      }
      const type = data[at + 4]!;
      const stream = data.readUInt32BE(at + 5);
      const part = data.subarray(at + HEADER, at + 4 + length);
      at += 4 + length;
      // Nearly always: a whole message.
      if (type > 0 && type <= LAST_TYPE && this.#parts.size === 0) this.#onMessage(type as FrameType, stream, part);
      else this.#take(type, stream, part);
    }
    if (at < data.length) {
      const rest = at === 0 ? data : data.subarray(at);
      this.#pieces = [rest];
      this.#size = rest.length;
    }
  }

  #take(flagged: number, stream: number, part: Buffer): void {
    const type = flagged & ~(MORE | ZSTD);
    if (type < 1 || type > LAST_TYPE) throw new ProtocolError(`a frame of unknown type ${type}`);
    // Without bytes a part says nothing, and parts without end would pile up below every bound.
    if (flagged & MORE && part.length === 0) throw new ProtocolError("a part without bytes, of a message that goes on");
    const key = stream * 32 + type;
    const open = this.#parts.get(key);
    if (!(flagged & MORE) && !open) {
      this.#onMessage(type as FrameType, stream, flagged & ZSTD ? this.#expand(part) : part);
      return;
    }
    const message = open ?? { size: 0, pieces: [] };
    message.size += part.length;
    // Of all messages begun together: many short beginnings hold as much as one long.
    this.#held += part.length;
    if (this.#held > this.#limits.message) throw new ProtocolError(`messages begun of more than ${this.#limits.message} bytes`);
    message.pieces.push(part);
    if (flagged & MORE) {
      this.#parts.set(key, message);
      return;
    }
    this.#parts.delete(key);
    this.#held -= message.size;
    const body = Buffer.concat(message.pieces, message.size);
    this.#onMessage(type as FrameType, stream, flagged & ZSTD ? this.#expand(body) : body);
  }

  /** No more than a message may hold: a few bytes can be made to grow to gigabytes. */
  #expand(body: Buffer): Buffer {
    try {
      return zstdDecompressSync(body, { maxOutputLength: this.#limits.message });
    } catch (error) {
      throw new ProtocolError(`a compressed body that cannot be read: ${String(error)}`);
    }
  }
}

/**
 * Bodies: msgpack, with the words plain msgpack or one of the two languages lacks. `codec.py` is the twin.
 *
 *   0x60 float     a whole number that is Python's float (a JavaScript number 5 alone says int)
 *   0x61 int       beyond 64 bits, as decimal digits
 *   0x62 text      with lone surrogates, as UTF-16LE (UTF-8 cannot say them)
 *   0x63 datetime  without a zone, in ISO form (with one it is msgpack's own timestamp)
 *   0x64 pairs     a map with a key that is not a string, or with the key `__proto__`
 *   0x65 set
 *   0x66 object    [class, data]: dspy.Image, dspy.History
 *   0x67 bytes     [segment, size]: in shared memory, where both ends are on one machine
 *
 * A value goes through unchanged or `WireError` says which part of it cannot; nothing becomes null, U+FFFD or a float.
 */
import { randomBytes } from "node:crypto";
import { addExtension, C1, Packr } from "msgpackr";
import { Float, History, Image } from "../../values.ts";

/** A value that has no exact form on the other side. `path` leads to it. */
export class WireError extends Error {
  override readonly name = "WireError";
  readonly path: (string | number)[] = [];
}

const DEPTH = 200;

/** A value msgpack has no type for, already in its extension's bytes. */
class Extension {
  readonly bytes: Uint8Array;
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}
class Digits extends Extension {}
class Surrogates extends Extension {}
class Naive extends Extension {}
class Pairs extends Extension {}
class Members extends Extension {}
class Tagged extends Extension {}

/** Large bytes set apart for shared memory: a name once they are written there, the bytes themselves otherwise. */
export class SharedBytes {
  readonly bytes: Uint8Array;
  name: string | undefined;
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}
/** Bytes a worker left in a segment; read before the value reaches anybody. */
export class SharedName {
  readonly name: string;
  readonly size: number;
  constructor(name: string, size: number) {
    this.name = name;
    this.size = size;
  }
}
/** Below this, a second file costs more than a second copy. */
const SHARED_FROM = 256 << 10;
let apart: SharedBytes[] | undefined;
let found = false;

const bytesOf = (value: Extension): Uint8Array => value.bytes;
/** What stands in an extension until the body around it has been read. */
class Nested {
  readonly bytes: Buffer;
  readonly make: (content: unknown) => unknown;
  constructor(bytes: Uint8Array, make: (content: unknown) => unknown) {
    // Copied: the body's buffer is the connection's and may be long.
    this.bytes = Buffer.from(bytes);
    this.make = make;
  }
}
let nested = false;
/** Read inside a hook, msgpackr would copy the whole body for each extension, and hand over what follows as another kind of buffer. */
const later = (make: (content: unknown) => unknown) => (bytes: Uint8Array) => {
  nested = true;
  return new Nested(bytes, make);
};

addExtension({ Class: Float, type: 0x60, pack: (value: Float) => double(value.value), unpack: (b: Buffer) => new Float(b.readDoubleBE()) });
addExtension({ Class: Digits, type: 0x61, pack: bytesOf, unpack: (b: Buffer) => BigInt(b.toString("latin1")) });
addExtension({ Class: Surrogates, type: 0x62, pack: bytesOf, unpack: (b: Buffer) => b.toString("utf16le") });
addExtension({ Class: Naive, type: 0x63, pack: bytesOf, unpack: (b: Buffer) => naive(b.toString("latin1")) });
addExtension({ Class: Pairs, type: 0x64, pack: bytesOf, unpack: later((pairs) => fromPairs(pairs as [unknown, unknown][])) });
addExtension({ Class: Members, type: 0x65, pack: bytesOf, unpack: later((members) => new Set(members as unknown[])) });
addExtension({ Class: Tagged, type: 0x66, pack: bytesOf, unpack: later((tagged) => fromTagged(tagged as [string, unknown])) });
addExtension({
  Class: SharedName,
  type: 0x67,
  pack: ({ name, size }: SharedName) => packr.pack([name, size]),
  unpack: later((content) => {
    const [name, size] = content as [string, number];
    found = true;
    return new SharedName(name, size);
  }),
});

// Records would be msgpackr's own dialect; "auto" gives a number where it is exact and a bigint where it is not.
const packr: Packr = new Packr({ useRecords: false, int64AsType: "auto" as "number", copyBuffers: true });

/** A body of our own making: plain data without user values. */
export function pack(body: unknown): Buffer {
  return packr.pack(body);
}

/** What stands for bytes set apart until the rest is packed: 16 bytes that nobody else's value has. */
const MARK: Buffer = randomBytes(16);
let marked: SharedBytes[] = [];
addExtension({
  Class: SharedBytes,
  type: 0x68,
  pack: (value: SharedBytes) => {
    marked.push(value);
    return MARK;
  },
  unpack: () => {
    throw new WireError("an extension that no worker writes");
  },
});
/** A fixed extension of 16 bytes. */
const PLACE: Buffer = Buffer.concat([Buffer.from([0xd8, 0x68]), MARK]);
/** Before bytes: their type and a length of 32 bits. */
const BYTES_HEADER = 5;

/**
 * As `pack`, with the bytes set apart where they belong, in memory that `take` gives. msgpackr would make room for them
 * by itself: in new pages, twice as many as it needs, which takes several times as long as the copy.
 */
export function packAround(body: unknown, take: (size: number) => Buffer): Buffer {
  marked = [];
  const around = packr.pack(body);
  const parts = marked;
  marked = [];
  const size = parts.reduce((sum, { bytes }) => sum + BYTES_HEADER - PLACE.length + bytes.byteLength, around.length);
  const whole = take(size);
  let read = 0;
  let at = 0;
  for (const { bytes } of parts) {
    const place = around.indexOf(PLACE, read);
    at += around.copy(whole, at, read, place);
    at = whole.writeUInt8(0xc6, at);
    at = whole.writeUInt32BE(bytes.byteLength, at);
    whole.set(bytes, at);
    at += bytes.byteLength;
    read = place + PLACE.length;
  }
  around.copy(whole, at, read);
  return whole;
}

export function unpack(body: Uint8Array): any {
  nested = false;
  // Hooks are handed parts of this very kind of buffer.
  const value: unknown = packr.unpack(Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength));
  // The byte that msgpack never uses: msgpackr shows it as an object of its own.
  if (value === C1) throw new WireError("a body of the reserved byte");
  return nested ? filled(value) : value;
}

/** The value with its extensions' contents read, in place. */
function filled(value: unknown): unknown {
  if (value instanceof Nested) return value.make(unpack(value.bytes));
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) if (typeof item === "object") value[index] = filled(item);
  } else if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    const object = value as Record<string, unknown>;
    for (const key of Object.keys(object)) if (typeof object[key] === "object") object[key] = filled(object[key]);
  }
  return value;
}

/** A user's value, brought to what `pack` says exactly. */
export function toWire(value: unknown, depth = 0): unknown {
  switch (typeof value) {
    case "string":
      return value.isWellFormed() ? value : new Surrogates(Buffer.from(value, "utf16le"));
    case "number":
      return wireNumber(value);
    case "bigint":
      return value >= -(2n ** 63n) && value < 2n ** 64n ? value : new Digits(Buffer.from(String(value)));
    case "boolean":
      return value;
    case "undefined":
      return null;
    case "object":
      return value === null ? null : wireObject(value, depth);
    default:
      throw new WireError(`a ${typeof value} cannot go to Python`);
  }
}

function wireObject(value: object, depth: number): unknown {
  // Most are records: what follows would be asked of each of them in vain.
  if (Object.getPrototypeOf(value) === Object.prototype) return wireRecord(value, depth);
  if (value instanceof Float) return value;
  if (value instanceof Uint8Array) return apart && value.byteLength >= SHARED_FROM ? setApart(value) : value;
  if (depth > DEPTH) throw new WireError(`nested deeper than ${DEPTH}, or circular`);
  if (Array.isArray(value)) return value.map((item, index) => within(index, item, depth));
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw new WireError("an invalid Date cannot go to Python");
    return value;
  }
  if (value instanceof Image) return new Tagged(pack(["Image", toWire(value.url, depth)]));
  if (value instanceof History) return new Tagged(pack(["History", toWire(value.messages, depth + 1)]));
  if (value instanceof Map)
    return new Pairs(packWhole(() => [...value].map(([key, item]) => [toWire(key, depth + 1), within(String(key), item, depth)])));
  if (value instanceof Set) return new Members(packWhole(() => [...value].map((item, index) => within(index, item, depth))));
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (ArrayBuffer.isView(value))
    throw new WireError(`a ${value.constructor.name} cannot go to Python; send its bytes as Uint8Array, or an array`);
  if (value instanceof Number || value instanceof String || value instanceof Boolean) return toWire(value.valueOf(), depth);
  if (value instanceof Promise) throw new WireError("a Promise cannot go to Python; await it first");
  return wireRecord(value, depth);
}

function wireRecord(value: object, depth: number): unknown {
  if (depth > DEPTH) throw new WireError(`nested deeper than ${DEPTH}, or circular`);
  const keys = Object.keys(value);
  const items = value as Record<string, unknown>;
  if (!keys.every(isPlainKey)) return new Pairs(packWhole(() => keys.flatMap((key) => pairOf(key, items[key], depth))));
  const wire: Record<string, unknown> = {};
  for (const key of keys) {
    const item = items[key];
    if (item !== undefined) wire[key] = within(key, item, depth);
  }
  return wire;
}

function pairOf(key: string, item: unknown, depth: number): [unknown, unknown][] {
  return item === undefined ? [] : [[toWire(key, depth), within(key, item, depth)]];
}

function isPlainKey(key: string): boolean {
  return key !== "__proto__" && key.isWellFormed();
}

/** One step down; a refusal on the way back up learns where it was. */
function within(key: string | number, item: unknown, depth: number): unknown {
  try {
    return toWire(item, depth + 1);
  } catch (error) {
    if (error instanceof WireError && error.path.length < 16) error.path.unshift(key);
    throw error;
  }
}

/** An extension's content is packed here and now: nothing in it can be set apart. */
function packWhole(make: () => unknown): Buffer {
  const before = apart;
  apart = undefined;
  try {
    return pack(make());
  } finally {
    apart = before;
  }
}

function setApart(bytes: Uint8Array): SharedBytes {
  const shared = new SharedBytes(bytes);
  apart!.push(shared);
  return shared;
}

/** `toWire`, with the large buffers set apart: to be written to shared memory, or put back by `inline`. */
export function toWireApart(value: unknown): { readonly wire: unknown; readonly parts: readonly SharedBytes[] } {
  const parts: SharedBytes[] = [];
  apart = parts;
  try {
    return { wire: toWire(value), parts };
  } finally {
    apart = undefined;
  }
}

/** What was set apart, by name where it was written to shared memory; elsewhere it stays for `packAround`. */
export function settleApart(wire: unknown, settled: (part: SharedBytes) => unknown = namedWhereWritten): unknown {
  if (wire instanceof SharedBytes) return settled(wire);
  if (Array.isArray(wire)) return wire.map((item) => settleApart(item, settled));
  if (typeof wire !== "object" || wire === null || Object.getPrototypeOf(wire) !== Object.prototype) return wire;
  return Object.fromEntries(Object.entries(wire).map(([key, item]) => [key, settleApart(item, settled)]));
}

function namedWhereWritten(part: SharedBytes): unknown {
  return part.name === undefined ? part : new SharedName(part.name, part.bytes.byteLength);
}

const NIL = 0xc0;
const NOTHING = { value: null, shared: false } as const;

/** As `unpack`, and whether anything in it lies in shared memory. */
export function unpackShared(body: Uint8Array): { readonly value: unknown; readonly shared: boolean } {
  // What a function without a result returns: msgpackr takes a view and a dozen steps for any body.
  if (body.length === 1 && body[0] === NIL) return NOTHING;
  found = false;
  const value: unknown = unpack(body);
  return { value, shared: found };
}

/** msgpackr writes whole numbers beyond 32 bits as floats and -0 as int: both would change what Python sees. */
function wireNumber(value: number): unknown {
  if (!Number.isInteger(value)) return value;
  if (value === 0) return Object.is(value, -0) ? new Float(-0) : value;
  if (value >= -0x8000_0000 && value <= 0xffff_ffff) return value;
  return Number.isSafeInteger(value) ? BigInt(value) : value;
}

function fromPairs(pairs: readonly [unknown, unknown][]): unknown {
  if (!pairs.every(([key]) => typeof key === "string")) return new Map(pairs);
  const object: Record<string, unknown> = {};
  for (const [key, value] of pairs as [string, unknown][])
    Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
  return object;
}

function fromTagged([name, data]: [string, unknown]): unknown {
  if (name === "Image") return new Image(data as string);
  if (name === "History") return new History(data as History["messages"]);
  return data;
}

/** A datetime without a zone is read as UTC: JavaScript's Date has no other way to hold it. */
function naive(text: string): Date {
  const date = new Date(`${text}Z`);
  if (Number.isNaN(date.getTime())) throw new WireError(`a datetime of ${JSON.stringify(text.slice(0, 40))}`);
  return date;
}

function double(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeDoubleBE(value);
  return bytes;
}

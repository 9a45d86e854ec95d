/** A pool as users hold it: `createPool(...)`, and the three standard ones in `pools`. */
import { defaultState } from "../config.ts";
import type { Duration } from "../options.ts";
import { giveBackBody, takeBody } from "./bodies.ts";
import type { CallRequest } from "./call.ts";
import { unserialisable } from "./inputs.ts";
import { plain } from "./outputs.ts";
import type { WorkerPool } from "./pool.ts";
import { makePool, openPools, poolFor, type Shapes } from "./pools.ts";
import { duration, type PoolOptions } from "./profile.ts";
import type { Lease } from "./segments.ts";
import { openSession, type Session, type SessionOptions } from "./session.ts";
import { readStream } from "./stream.ts";
import { pack, packAround, settleApart, toWireApart } from "./wire/codec.ts";
import type { CallBody, CallbackBody, ErrorBody } from "./wire/messages.ts";

export interface PoolCallOptions {
  readonly timeout?: Duration;
  readonly signal?: AbortSignal;
  /** May be repeated when its worker is lost; no unless said, but for `echo` and `noop`. */
  readonly idempotent?: boolean;
  /** Functions Python may call while the call runs: each is an argument named `name`, callable from any thread. */
  readonly callbacks?: Readonly<Record<string, (...args: any[]) => unknown>>;
}

export interface PoolStats {
  readonly name: string;
  /** Workers there are, and may be. */
  readonly size: number;
  readonly limit: number;
  readonly pids: readonly number[];
  /** Calls being run. */
  readonly busy: number;
  /** Calls waiting. */
  readonly queue: number;
  readonly restarts: number;
  /** The level every worker reached; the least of them where they differ. */
  readonly sandbox: string;
  /** Private bytes of all workers. */
  readonly memory: number;
  /** `fork`, or why workers are spawned. */
  readonly start: string;
}

export interface Pool {
  readonly name: string;
  /** Starts `min` workers, one at least. */
  start(): Promise<void>;
  /** Runs a built-in operation (`echo`, `noop`) or a function of `pythonPath` by its dotted name. An object's members are named arguments, an array's items positional ones. */
  call(op: string, args?: unknown, options?: PoolCallOptions): Promise<any>;
  /** As `call`, for a generator: its chunks as they come; leaving the loop closes it. */
  stream(op: string, args?: unknown, options?: PoolCallOptions): AsyncGenerator<any, void, undefined>;
  /** Every result, settled, in order. */
  batch(op: string, list: readonly unknown[], options?: PoolCallOptions): Promise<PromiseSettledResult<any>[]>;
  session(state?: Readonly<Record<string, unknown>>, options?: SessionOptions): Promise<Session>;
  stats(): PoolStats;
  /** Takes no more calls; resolves when those it has have ended. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

class PoolSurface implements Pool {
  readonly #pool: WorkerPool;
  /** A call of nothing but its name is the same request each time, where its lane is given. */
  readonly #bare = new Map<string, Sized>();
  constructor(pool: WorkerPool) {
    this.#pool = pool;
  }
  get name(): string {
    return this.#pool.profile.name;
  }
  async start(): Promise<void> {
    await this.#pool.start();
  }
  call(op: string, args?: unknown, options?: PoolCallOptions): Promise<any> {
    if (args === undefined && options === undefined && this.#pool.profile.lane === "exclusive") return this.#callBare(op);
    return callOn(this.#pool, op, args, options ?? NO_OPTIONS);
  }
  #callBare(op: string): Promise<any> {
    try {
      const made = this.#bare.get(op) ?? requestOf(this.#pool, op, NOTHING, NO_OPTIONS, Infinity, NO_MORE);
      this.#bare.set(op, made);
      return this.#pool.submit(made.request, made.size).promise.then(plainValue);
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }
  async *stream(op: string, args?: unknown, options: PoolCallOptions = {}): AsyncGenerator<any, void, undefined> {
    const deadline = deadlineOf(options);
    const prepared = await prepare(this.#pool, op, args);
    try {
      for (;;) {
        try {
          for await (const chunk of readStream(this.#pool, (onChunk) =>
            requestOf(this.#pool, op, prepared, options, deadline, { stream: true, onChunk }),
          ))
            yield plain(chunk);
          return;
        } catch (error) {
          if (!(error instanceof WrongLane)) throw error;
          blocking.add(`${this.name} ${op}`);
        }
      }
    } finally {
      prepared.lease?.release();
    }
  }
  async batch(op: string, list: readonly unknown[], options: PoolCallOptions = {}): Promise<PromiseSettledResult<any>[]> {
    return Promise.allSettled(list.map((args) => this.call(op, args, options)));
  }
  async session(state: Readonly<Record<string, unknown>> = {}, options: SessionOptions = {}): Promise<Session> {
    return openSession(this.#pool, state, options);
  }
  stats(): PoolStats {
    return this.#pool.stats();
  }
  async drain(): Promise<void> {
    await this.#pool.drain();
  }
  async close(): Promise<void> {
    await this.#pool.close();
  }
}

const surfaces = new WeakMap<WorkerPool, Pool>();

function known(pool: WorkerPool): Pool {
  let surface = surfaces.get(pool);
  if (!surface) {
    surface = new PoolSurface(pool);
    surfaces.set(pool, surface);
  }
  return surface;
}

/** By name, as the default runtime's `configure({ pools })` shapes it. */
function standard(name: string): Pool {
  return known(poolFor(name, {}, defaultState.options.pools as Shapes | undefined));
}

/** A pool of your own. It starts at its first use, or by `start()`. */
export function createPool(name: string, options: PoolOptions = {}): Pool {
  return known(makePool(name, options));
}

/** A worker of a pool for oneself, with state that stays in it. */
export function createSession(
  pool: Pool | string,
  state: Readonly<Record<string, unknown>> = {},
  options: SessionOptions = {},
): Promise<Session> {
  return (typeof pool === "string" ? standard(pool) : pool).session(state, options);
}

/** The pools there are: the standard ones by name, all open ones by `all()`. */
export const pools: { readonly general: Pool; readonly optimizer: Pool; readonly neural: Pool; get(name: string): Pool; all(): Pool[] } = {
  get general() {
    return standard("general");
  },
  get optimizer() {
    return standard("optimizer");
  },
  get neural() {
    return standard("neural");
  },
  get: standard,
  all: () => openPools().map(known),
};

/** Functions found to be plain: they would block an event loop, so they get a worker alone from the first try on. */
const blocking = new Set<string>();

type More = Partial<Pick<CallRequest, "exclusive" | "stream" | "worker" | "onAssign" | "onChunk">> & { readonly sessionId?: string };

const NO_MORE: More = {};
const NO_OPTIONS: PoolCallOptions = {};

/** A call of an operation, on the lane its function needs. */
export function callOn(pool: WorkerPool, op: string, args: unknown, options: PoolCallOptions, more: More = NO_MORE): Promise<unknown> {
  try {
    const deadline = deadlineOf(options);
    const prepared = prepare(pool, op, args, more);
    if (prepared instanceof Promise || !laneOf(pool, op, more)) return onItsLane(pool, op, prepared, options, deadline, more);
    // Alone in its worker any function runs: there is no other lane to try, and nothing to give back.
    const { request, size } = requestOf(pool, op, prepared, options, deadline, more);
    return pool.submit(request, size).promise.then(plainValue);
  } catch (error) {
    return Promise.reject(error as Error);
  }
}

const plainValue = (value: unknown): unknown => plain(value);

async function onItsLane(
  pool: WorkerPool,
  op: string,
  preparing: Prepared | Promise<Prepared>,
  options: PoolCallOptions,
  deadline: number,
  more: More,
): Promise<unknown> {
  const prepared = preparing instanceof Promise ? await preparing : preparing;
  try {
    for (;;) {
      const { request, body, size } = requestOf(pool, op, prepared, options, deadline, more);
      const call = pool.submit(request, size);
      try {
        const value = await call.promise;
        if (prepared.inline) giveBackBody(body);
        return plain(value);
      } catch (error) {
        if (!(error instanceof WrongLane)) throw error;
        blocking.add(`${pool.profile.name} ${op}`);
      }
    }
  } finally {
    prepared.lease?.release();
  }
}

interface Prepared {
  readonly wire: unknown;
  /** Bytes set apart in shared memory: they count in the queue as well. */
  readonly shared?: number;
  readonly lease?: Lease;
  /** Large buffers for which there was no room: they go in the body itself. */
  readonly inline?: boolean;
}

const NOTHING: Prepared = { wire: null };

interface Sized {
  readonly request: CallRequest;
  readonly body: Buffer;
  readonly size: number;
}

/** Arguments in the wire's form, large buffers in shared memory where there is room. Refused before any copy where the queue is full. */
function prepare(pool: WorkerPool, op: string, args: unknown, more: More = NO_MORE): Prepared | Promise<Prepared> {
  if (args === undefined || args === null) return NOTHING;
  let made: ReturnType<typeof toWireApart>;
  try {
    const hint = sizeHint(args);
    if (hint > LARGE) pool.admit({ exclusive: laneOf(pool, op, more), ...(more.worker ? { worker: more.worker } : {}) }, hint);
    made = toWireApart(args);
  } catch (error) {
    throw unserialisable(error);
  }
  if (made.parts.length === 0) return { wire: made.wire };
  return share(pool, made);
}

async function share(pool: WorkerPool, { wire, parts }: ReturnType<typeof toWireApart>): Promise<Prepared> {
  const lease = await (await pool.crew.segments())?.fill(parts);
  const shared = parts.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
  return { wire: settleApart(wire), ...(lease ? { lease, shared } : { inline: true }) };
}

function laneOf(pool: WorkerPool, op: string, more: More): boolean {
  return more.exclusive ?? (pool.profile.lane === "exclusive" || blocking.has(`${pool.profile.name} ${op}`));
}

function requestOf(
  pool: WorkerPool,
  op: string,
  { wire, shared = 0, inline }: Prepared,
  options: PoolCallOptions,
  deadline: number,
  more: More,
): Sized {
  const exclusive = laneOf(pool, op, more);
  const idempotent = options.idempotent ?? EFFECTLESS.has(op);
  // What is not said has its default: a small call is half as long without.
  const said: { -readonly [Key in keyof CallBody]?: CallBody[Key] } = { op };
  if (wire !== null) said.args = wire;
  if (exclusive) said.exclusive = true;
  if (more.stream) said.stream = true;
  // Said where calls run one after the other: on an event loop results always leave together.
  if (exclusive && idempotent) said.idempotent = true;
  if (more.sessionId !== undefined) said.session = more.sessionId;
  if (options.callbacks) said.callbacks = Object.keys(options.callbacks);
  const packed = inline ? packAround(said, takeBody) : pack(said);
  const body = () => packed;
  const request: { -readonly [Key in keyof CallRequest]: CallRequest[Key] } = {
    op,
    exclusive,
    stream: more.stream ?? false,
    body,
    identity: body,
    idempotent,
    deadline,
    grace: pool.profile.killGrace,
  };
  // Alone it has the right lane: what says otherwise there is an error like any other.
  if (!exclusive) request.onFailure = wrongLane;
  if (options.signal) request.signal = options.signal;
  if (options.callbacks) request.callback = answerWith(options.callbacks);
  if (more.worker) request.worker = more.worker;
  if (more.onAssign) request.onAssign = more.onAssign;
  if (more.onChunk) request.onChunk = more.onChunk;
  return { request, body: packed, size: packed.length + shared };
}

/** One for all attempts of a call. */
function deadlineOf({ timeout }: PoolCallOptions): number {
  return timeout === undefined ? Infinity : Date.now() + duration("timeout", timeout);
}

function wrongLane(failure: ErrorBody): WrongLane | undefined {
  return failure.kind === "wrong_lane" ? new WrongLane() : undefined;
}

/** Operations of our own that leave nothing behind. */
const EFFECTLESS: ReadonlySet<string> = new Set(["noop", "echo"]);

/** From here on a full queue is asked before the arguments are copied. */
const LARGE = 64 << 10;

/** Bytes and text near the surface of a value: enough to refuse a large one before it is copied. */
function sizeHint(value: unknown, depth = 2): number {
  if (typeof value === "string") return value.length;
  if (value instanceof Uint8Array) return value.byteLength;
  if (typeof value !== "object" || value === null || depth === 0) return 0;
  let size = 0;
  for (const item of Object.values(value).slice(0, 100)) size += sizeHint(item, depth - 1);
  return size;
}

/** Not an error of the user's: the function blocks, and the call is sent again to a lane where it may. */
class WrongLane extends Error {}

function answerWith(callbacks: NonNullable<PoolCallOptions["callbacks"]>): (asked: CallbackBody) => Promise<unknown> {
  return async ({ name, args }) => {
    const [positional, named] = args as [unknown[], Record<string, unknown>];
    const result: unknown = await callbacks[name]!(
      ...positional.map((arg) => plain(arg)),
      ...(Object.keys(named).length > 0 ? [plain(named)] : []),
    );
    return result;
  };
}

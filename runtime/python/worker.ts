/**
 * One worker, as the host sees it: a connection, the calls in flight, and whether it can take another.
 *
 *   starting ──▶ ready ⇄ working ──▶ retiring ──▶ dead
 *                  └────────┴── (exit, lost connection, kill) ──▶ dead
 */
import { type PoolError, PythonError } from "../errors.ts";
import { checkedIn, checkedOut } from "../telemetry/events.ts";
import type { Call } from "./call.ts";
import { answerCallback } from "./callbacks.ts";
import { failureOf } from "./failure.ts";
import type { Admitted } from "./hub.ts";
import { startTime } from "./proc.ts";
import type { Segments } from "./segments.ts";
import { pack, unpack, unpackShared } from "./wire/codec.ts";
import type { Connection } from "./wire/connection.ts";
import { FrameType, ProtocolError } from "./wire/frame.ts";
import type { CallbackBody, ErrorBody, EventBody, ResultBody, SandboxReport } from "./wire/messages.ts";

export interface WorkerEvents {
  /** A call has ended: its lane may be free. */
  ended(worker: Worker, call: Call): void;
  /** The worker cannot be used any more; `calls` are those that had not ended. */
  lost(worker: Worker, calls: readonly Call[], why: Loss): void;
}

/** Why a worker is gone: `host` and `outside` kills never count against an input. */
export interface Loss {
  readonly by: "host" | "own" | "outside";
  readonly text: string;
  readonly error?: PoolError;
}

const CREDIT_STEP = 128 << 10;

export class Worker {
  readonly pid: number;
  readonly start: number;
  readonly born: number = performance.now();
  readonly sandbox: SandboxReport;
  readonly calls: Map<number, Call> = new Map();
  readonly connection: Connection;
  readonly pool: string;
  readonly #events: WorkerEvents;
  readonly #segments: Segments | undefined;
  /** Programs it has built, by hash: their description is not sent again. */
  readonly known: Set<string> = new Set();
  exclusive = false;
  /** No new calls: it is to be replaced. */
  retiring = false;
  /** Belongs to a session. */
  leased = false;
  served = 0;
  /** When its last call ended. */
  idleSince: number = performance.now();
  dead = false;
  /** Set before a kill of ours, so that its death is laid at the right door. */
  #doom: Loss | undefined;
  #killTimers = new Map<Call, NodeJS.Timeout>();
  #taken = new Map<Call, number>();

  constructor(pool: string, pid: number, start: number, { connection, hello }: Admitted, events: WorkerEvents, segments?: Segments) {
    this.#segments = segments;
    this.pool = pool;
    this.pid = pid;
    this.start = start;
    this.sandbox = hello.sandbox ?? { level: "none" };
    this.connection = connection;
    this.#events = events;
    connection.handOver({
      message: (type, stream, body) => this.#message(type, stream, body),
      closed: (error) => this.#gone(error),
    });
  }

  get active(): number {
    return this.calls.size;
  }

  /** `now` is when: reading the clock is a part of what a small call costs. */
  run(call: Call, now: number): void {
    call.worker = this;
    call.state = "running";
    call.attempts++;
    call.startedAt = now;
    call.request.onAssign?.(this);
    this.exclusive = call.request.exclusive || call.alone;
    this.calls.set(call.number, call);
    this.served++;
    if (checkedOut.hasSubscribers) checkedOut.publish({ pool: this.pool, worker: this.pid, duration: call.startedAt - call.queuedAt });
    let body: Uint8Array;
    try {
      body = call.request.body(this);
    } catch (error) {
      call.reject(error);
      this.#end(call);
      return;
    }
    try {
      this.connection.send(FrameType.call, call.number, body);
    } catch (error) {
      call.reject(tooLarge(error));
      this.#end(call);
    }
  }

  /** The caller has been released; Python is asked to stop, and made to when it does not. */
  stop(call: Call, grace: number): void {
    if (call.state !== "running") return;
    call.state = "closing";
    call.close();
    this.connection.send(FrameType.cancel, call.number, pack({ reason: "cancelled" }), true);
    this.#killAfter(call, grace);
  }

  #killAfter(call: Call, grace: number): void {
    this.#killTimers.set(
      call,
      setTimeout(() => this.kill({ by: "host", text: "a cancelled call did not end within its grace" }), grace).unref(),
    );
  }

  #message(type: FrameType, stream: number, body: Buffer): void {
    try {
      const call = this.calls.get(stream);
      switch (type) {
        case FrameType.result:
          if (call) this.#finish(call, this.#resultIn(body), undefined);
          return;
        case FrameType.error: {
          if (!call) return;
          const error = unpack(body) as ErrorBody;
          this.#finish(call, error, error);
          return;
        }
        case FrameType.chunk:
          if (call && !call.settled) call.request.onChunk?.(this.#valueIn(body), body.length);
          return;
        case FrameType.callback: {
          const { value, shared } = unpackShared(body);
          const asked = value as CallbackBody;
          const args = shared ? this.#inflate(asked.args) : asked.args;
          void answerCallback(this.connection, stream, { ...asked, args }, this.calls.get(asked.call));
          return;
        }
        case FrameType.event:
          if ((unpack(body) as EventBody).name === "idle" && call) this.#end(call);
          return;
        case FrameType.pong:
        case FrameType.log:
          return;
        default:
          throw new ProtocolError(`a worker sent a frame of type ${type}`);
      }
    } catch (error) {
      // What cannot be read cannot be trusted: the connection is poisoned.
      this.connection.destroy();
      this.#gone(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** msgpackr reads some bytes that are no msgpack as undefined; a result is a record or the worker is not to be trusted. */
  #resultIn(body: Buffer): ResultBody {
    const { value: result, shared } = unpackShared(body);
    if (typeof result !== "object" || result === null || !("value" in result) || !("lingering" in result))
      throw new ProtocolError("a result that is no record");
    const { value, lingering } = result as ResultBody;
    return { value: shared ? this.#inflate(value) : value, lingering };
  }

  #valueIn(body: Buffer): unknown {
    const { value, shared } = unpackShared(body);
    const chunk = (value as { value: unknown }).value;
    return shared ? this.#inflate(chunk) : chunk;
  }

  /** Large buffers are read off the loop; their segments go back to the worker. */
  #inflate(value: unknown): Promise<unknown> {
    if (!this.#segments) return Promise.reject(new ProtocolError("a segment where none are shared"));
    const inflated = this.#segments.inflate(value, (segment) => this.connection.send(FrameType.credit, 0, pack({ segment }), true));
    inflated.catch(() => {});
    return inflated;
  }

  #finish(call: Call, body: ResultBody | ErrorBody, error: ErrorBody | undefined): void {
    call.close();
    if (error) call.reject(call.request.onFailure?.(error) ?? failureOf(error, this.pid, this.pool));
    else call.resolve((body as ResultBody).value);
    if (!body.lingering) {
      this.#end(call);
      return;
    }
    // Its threads run on: the lane is not free yet, and not for long.
    call.state = "closing";
    if (!this.#killTimers.has(call)) this.#killAfter(call, call.request.grace);
  }

  #end(call: Call): void {
    call.state = "ended";
    if (checkedIn.hasSubscribers) checkedIn.publish({ pool: this.pool, worker: this.pid, duration: performance.now() - call.startedAt });
    if (this.#killTimers.size > 0) {
      clearTimeout(this.#killTimers.get(call));
      this.#killTimers.delete(call);
    }
    if (call.request.stream) this.#taken.delete(call);
    this.calls.delete(call.number);
    if (this.calls.size === 0) {
      this.exclusive = false;
      this.idleSince = this.connection.lastHeard;
    }
    this.#events.ended(this, call);
  }

  /** The consumer has taken chunks; their bytes are granted again, in steps. */
  grant(call: Call, bytes: number): void {
    const taken = (this.#taken.get(call) ?? 0) + bytes;
    if (taken < CREDIT_STEP) return void this.#taken.set(call, taken);
    this.#taken.set(call, 0);
    if (this.calls.has(call.number)) this.connection.send(FrameType.credit, call.number, pack({ bytes: taken }), true);
  }

  ping(number: number): void {
    this.connection.send(FrameType.ping, number, pack(null), true);
  }

  /** SIGKILL, but only to the process that was started: a pid may belong to another by now. */
  kill(why: Loss): void {
    this.#doom ??= why;
    const now = startTime(this.pid);
    if (this.start === 0 || now === undefined || now === this.start) {
      try {
        process.kill(this.pid, "SIGKILL");
      } catch {
        // Gone already; the connection says so next.
      }
    }
    this.connection.destroy();
    this.#gone(undefined);
  }

  /** The zygote has told how it died; the connection's end may have come before or comes after. */
  #gone(error: Error | undefined): void {
    if (this.dead) return;
    this.dead = true;
    for (const timer of this.#killTimers.values()) clearTimeout(timer);
    const calls = [...this.calls.values()];
    this.calls.clear();
    for (const call of calls) call.close();
    if (!this.#doom && error) this.kill({ by: "host", text: `the protocol was broken: ${error.message}` });
    this.#events.lost(this, calls, this.#doom ?? { by: "own", text: "its connection ended" });
  }
}

function tooLarge(error: unknown): unknown {
  if (!(error instanceof ProtocolError)) return error;
  return new PythonError("unserialisable", `The arguments do not fit: ${error.message}.`, {
    remedy: "Send large data in pieces, or as a file in a folder the pool may read.",
  });
}

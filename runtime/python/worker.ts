/**
 * One worker, as the host sees it: a connection, the calls in flight, and whether it can take another.
 *
 *   starting ──▶ ready ⇄ working ──▶ retiring ──▶ dead
 *                  └────────┴── (exit, lost connection, kill) ──▶ dead
 */
import { type PoolError, PythonError } from "../errors.ts";
import { checkedIn, checkedOut } from "../telemetry/events.ts";
import { Ahead } from "./ahead.ts";
import { begunOf, LONG_MS } from "./brief.ts";
import type { Call } from "./call.ts";
import { CallTable } from "./call-table.ts";
import { answerCallback } from "./callbacks.ts";
import { failureOf } from "./failure.ts";
import type { Watched } from "./heartbeat.ts";
import type { Admitted } from "./hub.ts";
import { startTime } from "./proc.ts";
import type { Segments } from "./segments.ts";
import { pack, unpack, unpackShared } from "./wire/codec.ts";
import type { Connection, ConnectionEvents } from "./wire/connection.ts";
import { FrameType, ProtocolError } from "./wire/frame.ts";
import type { CallbackBody, CancelBody, ErrorBody, EventBody, SandboxReport } from "./wire/messages.ts";

export interface WorkerEvents {
  /** A call has ended: its lane may be free. Those that came back with its end wait before all others. */
  ended(worker: Worker, call: Call, returned: readonly Call[]): void;
  /** Sent ahead of their turn and called back: they have not begun. */
  returned(worker: Worker, calls: readonly Call[]): void;
  /** The worker cannot be used any more: of the calls that had not ended, those that can have begun and the others. */
  lost(worker: Worker, begun: readonly Call[], waiting: readonly Call[], why: Loss): void;
}

/** Why a worker is gone: `host` and `outside` kills never count against an input. */
export interface Loss {
  readonly by: "host" | "own" | "outside";
  readonly text: string;
  readonly error?: PoolError;
}

const CREDIT_STEP = 128 << 10;
/** How long the end of a killed worker may take to arrive: what it had said until then decides which calls had begun. */
const LAST_WORDS = 1000;

export class Worker implements ConnectionEvents {
  readonly pid: number;
  readonly start: number;
  readonly born: number = performance.now();
  readonly sandbox: SandboxReport;
  readonly #calls = new CallTable();
  /** An exclusive worker runs one call; these wait there. */
  readonly #ahead = new Ahead();
  #last: Call | undefined;
  /** Milliseconds its brief calls are expected to take together. */
  backlog = 0;
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
  /** What the heartbeat knows of it. */
  watched: Watched | undefined;
  /** When its last call ended. */
  idleSince: number = performance.now();
  /** Takes no more calls; its connection may have more to say. */
  dead = false;
  #over = false;
  #watch: NodeJS.Timeout | undefined;
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
    connection.handOver(this);
  }

  get active(): number {
    return this.#calls.size;
  }
  /** The one an exclusive worker runs. */
  get running(): Call | undefined {
    return this.exclusive ? this.#calls.all().find((call) => call.state !== "ahead") : undefined;
  }
  /** Calls it runs. */
  get busy(): number {
    return this.#calls.size - this.#ahead.size;
  }
  /** Calls whose turn has not come. */
  get waiting(): number {
    return this.#ahead.size + this.#ahead.returning;
  }
  /** Whether a call may wait here: behind brief ones only, none of which has turned out long. */
  get takesAhead(): boolean {
    if (this.dead || this.retiring || this.leased || !this.exclusive || !this.#ahead.takesMore) return false;
    // One that is being stopped may take its whole grace.
    if (!this.#last || this.#last.expected === Infinity || this.#last.settled) return false;
    return this.#ahead.size > 0 || performance.now() - this.#last.startedAt < LONG_MS;
  }

  /** `now` is when: reading the clock is a part of what a small call costs. */
  run(call: Call, now: number): void {
    call.request.onAssign?.(this);
    this.exclusive = call.request.exclusive || call.alone;
    this.#take(call);
    this.#begin(call, now);
    this.#send(call);
  }

  /** The call's turn comes when those before it have ended. */
  sendAhead(call: Call): void {
    call.state = "ahead";
    this.#take(call);
    this.#ahead.add(call);
    this.#send(call);
    this.#watchRunning();
  }

  #take(call: Call): void {
    call.worker = this;
    this.#calls.add(call);
    this.#last = call;
    if (call.expected !== Infinity) this.backlog += call.expected;
  }

  #begin(call: Call, now: number): void {
    call.state = "running";
    call.attempts++;
    call.startedAt = now;
    this.served++;
    if (checkedOut.hasSubscribers) checkedOut.publish({ pool: this.pool, worker: this.pid, duration: now - call.queuedAt });
    // Cancelled while it waited: from here on it can keep the worker.
    if (call.settled) {
      call.state = "closing";
      this.#killAfter(call, call.request.grace);
    }
  }

  #send(call: Call): void {
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
    if (call.state !== "running" && call.state !== "ahead") return;
    call.close();
    this.connection.send(FrameType.cancel, call.number, CANCEL, true);
    // What has not begun holds nobody up; whatever does must not be ended for its sake.
    if (call.state === "ahead") return;
    call.state = "closing";
    this.#killAfter(call, grace);
  }

  /** Looks from time to time whether the running call is as brief as it was taken for. */
  #watchRunning(): void {
    this.#watch ??= setTimeout(() => {
      // What has arrived is read in the poll phase; judged is after it.
      setImmediate(() => {
        this.#watch = undefined;
        if (this.dead || this.#ahead.size === 0) return;
        if (performance.now() - this.running!.startedAt >= LONG_MS)
          for (const call of this.#ahead.callBack()) this.connection.send(FrameType.cancel, call.number, WITHDRAW, true);
        this.#watchRunning();
      });
    }, LONG_MS).unref();
  }

  #killAfter(call: Call, grace: number): void {
    this.#killTimers.set(
      call,
      setTimeout(() => this.kill({ by: "host", text: "a cancelled call did not end within its grace" }), grace).unref(),
    );
  }

  /** Of its connection. */
  closed(error: Error | undefined, heardOut: boolean): void {
    this.#gone(error instanceof ProtocolError ? error : undefined, heardOut);
  }

  /** Of its connection. */
  message(type: FrameType, stream: number, body: Buffer): void {
    try {
      const call = this.#calls.get(stream);
      switch (type) {
        case FrameType.result:
          if (call) this.#finish(call, this.#valueIn(body), undefined);
          return;
        case FrameType.error: {
          if (!call) return;
          const error = unpack(body) as ErrorBody;
          if (error.kind === "withdrawn") this.#givenBack(call);
          else this.#finish(call, undefined, error);
          return;
        }
        case FrameType.chunk:
          if (call && !call.settled) call.request.onChunk?.(this.#valueIn(body), body.length);
          return;
        case FrameType.callback: {
          const { value, shared } = unpackShared(body);
          const asked = value as CallbackBody;
          const args = shared ? this.#inflate(asked.args) : asked.args;
          void answerCallback(this.connection, stream, { ...asked, args }, this.#calls.get(asked.call));
          return;
        }
        case FrameType.event: {
          const { name } = unpack(body) as EventBody;
          if (name === "lingering" && call) call.lingers = true;
          else if (name === "idle" && call) this.#end(call);
          return;
        }
        case FrameType.pong:
        case FrameType.log:
          return;
        default:
          throw new ProtocolError(`a worker sent a frame of type ${type}`);
      }
    } catch (error) {
      // What cannot be read cannot be trusted: the connection is poisoned.
      this.connection.destroy();
      this.#gone(error instanceof Error ? error : new Error(String(error)), false);
    }
  }

  /** msgpackr reads some bytes that are no msgpack as undefined: who sends those is not to be trusted. */
  #valueIn(body: Buffer): unknown {
    const { value, shared } = unpackShared(body);
    if (value === undefined) throw new ProtocolError("a body that is no value");
    return shared ? this.#inflate(value) : value;
  }

  /** Large buffers are read off the loop; their segments go back to the worker. */
  #inflate(value: unknown): Promise<unknown> {
    if (!this.#segments) return Promise.reject(new ProtocolError("a segment where none are shared"));
    const inflated = this.#segments.inflate(value, (segment) => this.connection.send(FrameType.credit, 0, pack({ segment }), true));
    inflated.catch(() => {});
    return inflated;
  }

  #finish(call: Call, value: unknown, error: ErrorBody | undefined): void {
    call.close();
    if (error) call.reject(call.request.onFailure?.(error) ?? failureOf(error, this.pid, this.pool));
    else call.resolve(value);
    if (!call.lingers) {
      this.#end(call);
      return;
    }
    // Its threads run on: the lane is not free yet, and not for long.
    call.state = "closing";
    if (!this.#killTimers.has(call)) this.#killAfter(call, call.request.grace);
  }

  #end(call: Call): void {
    this.#remove(call, false);
    call.state = "ended";
    this.#events.ended(this, call, this.#ahead.takeBack());
  }

  /** Called back in time: the worker has not begun it. */
  #givenBack(call: Call): void {
    if (call.settled) {
      this.#end(call);
      return;
    }
    // Its turn had come as far as could be seen from here.
    if (call.state !== "ahead") call.attempts--;
    this.#remove(call, true);
    const calls = this.#ahead.takeBack();
    if (calls.length > 0) this.#events.returned(this, calls);
  }

  #remove(call: Call, givenBack: boolean): void {
    const begun = call.state !== "ahead";
    if (begun && checkedIn.hasSubscribers)
      checkedIn.publish({ pool: this.pool, worker: this.pid, duration: performance.now() - call.startedAt });
    if (this.#killTimers.size > 0) {
      clearTimeout(this.#killTimers.get(call));
      this.#killTimers.delete(call);
    }
    if (call.request.stream) this.#taken.delete(call);
    this.#calls.delete(call);
    this.#ahead.answered(call, givenBack);
    if (call.expected !== Infinity) this.backlog -= call.expected;
    if (this.#calls.size === 0) {
      this.exclusive = false;
      this.#last = undefined;
      this.backlog = 0;
      this.idleSince = this.connection.lastHeard;
    }
    if (begun) {
      const next = this.#ahead.next();
      if (next) this.#begin(next, this.connection.lastHeard);
    }
  }

  /** The consumer has taken chunks; their bytes are granted again, in steps. */
  grant(call: Call, bytes: number): void {
    const taken = (this.#taken.get(call) ?? 0) + bytes;
    if (taken < CREDIT_STEP) return void this.#taken.set(call, taken);
    this.#taken.set(call, 0);
    if (this.#calls.get(call.number) === call) this.connection.send(FrameType.credit, call.number, pack({ bytes: taken }), true);
  }

  ping(number: number): void {
    this.connection.send(FrameType.ping, number, pack(null), true);
  }

  /**
   * SIGKILL, but only to the process that was started: a pid may belong to another by now. Where calls wait in it,
   * `hearOut` reads on until its end, because each result says that the next one had begun.
   */
  kill(why: Loss, hearOut: boolean = this.#ahead.size > 0): void {
    this.#doom ??= why;
    this.dead = true;
    const now = startTime(this.pid);
    if (this.start === 0 || now === undefined || now === this.start) {
      try {
        process.kill(this.pid, "SIGKILL");
      } catch {
        // Gone already; the connection says so next.
      }
    }
    if (hearOut && !this.connection.closed) {
      setTimeout(() => this.connection.destroy(), LAST_WORDS).unref();
      return;
    }
    this.connection.destroy();
    this.#gone(undefined, false);
  }

  /** The zygote has told how it died; the connection's end may have come before or comes after. */
  #gone(broken: Error | undefined, heardOut: boolean): void {
    if (this.#over) return;
    this.#over = this.dead = true;
    clearTimeout(this.#watch);
    for (const timer of this.#killTimers.values()) clearTimeout(timer);
    const running = this.#calls.all().filter((call) => call.state !== "ahead");
    const calls = [...running.sort((a, b) => a.startedAt - b.startedAt), ...this.#ahead.calls];
    for (const call of calls) {
      this.#calls.delete(call);
      call.close();
    }
    if (!this.#doom && broken) this.kill({ by: "host", text: `the protocol was broken: ${broken.message}` }, false);
    const begun = this.exclusive && heardOut ? begunOf(calls) : calls.length;
    this.#events.lost(this, calls.slice(0, begun), calls.slice(begun), this.#doom ?? { by: "own", text: "its connection ended" });
  }
}

const CANCEL = pack({ reason: "cancelled" } satisfies CancelBody);
const WITHDRAW = pack({ reason: "withdrawn" } satisfies CancelBody);

function tooLarge(error: unknown): unknown {
  if (!(error instanceof ProtocolError)) return error;
  return new PythonError("unserialisable", `The arguments do not fit: ${error.message}.`, {
    remedy: "Send large data in pieces, or as a file in a folder the pool may read.",
  });
}

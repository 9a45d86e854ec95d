/**
 * One call, from `submit` to its end. Two ends are kept apart: the caller's promise is settled once, at the latest at
 * the deadline; the call itself has ended only when nothing of it runs in the worker any more, and only then is its
 * lane free.
 *
 *   queued ─┬────────────▶ running ──▶ settled and ended
 *     │     └─▶ ahead ──────┘ └──────▶ closing (settled; the worker still unwinds) ──▶ ended
 *     └──▶ settled and ended (cancelled, timed out, refused in the queue)
 *
 * `ahead` is still waiting, but in its worker (`ahead.ts`), and may be called back to the queue.
 */

import { CancelledError, TimeoutError } from "../ended.ts";
import type { DspexError } from "../errors.ts";
import { never } from "../never.ts";
import type { CallbackBody, ErrorBody } from "./wire/messages.ts";
import type { Worker } from "./worker.ts";

export interface CallRequest {
  readonly op: string;
  /** Already brought to the wire's form. Asked for at every attempt: what is sent may depend on what the worker knows. */
  readonly body: (worker: Worker) => Uint8Array;
  readonly exclusive: boolean;
  readonly stream: boolean;
  readonly idempotent: boolean;
  /** Milliseconds since the epoch, or Infinity. */
  readonly deadline: number;
  readonly signal?: AbortSignal;
  /** What the call gets, once cancelled, to end by itself. */
  readonly grace: number;
  /** An error of the caller's own for a failure, where it knows more than the worker said. */
  readonly onFailure?: (error: ErrorBody) => unknown;
  /** What names the input for the quarantine; calls without one are never quarantined. */
  readonly identity?: () => Uint8Array;
  /** A session's own worker. */
  readonly worker?: Worker;
  /** Told at every assignment, before anything is sent: a session takes its worker here. */
  readonly onAssign?: (worker: Worker) => void;
  /** Answers what the call asks of the host. */
  readonly callback?: (body: CallbackBody, call: Call, emit: (chunk: unknown) => void) => Promise<unknown>;
  readonly onChunk?: (value: unknown, bytes: number) => void;
}

export type CallState = "queued" | "ahead" | "running" | "closing" | "ended";

/** One for all: a call that asked anything of the host ends with it, and an error with its stack takes 30 us to make. */
const ENDED = new CancelledError("The call has ended.");

export class Call {
  /** The stream number on the wire, given by its worker (`call-table.ts`). */
  number = 0;
  readonly request: CallRequest;
  readonly promise: Promise<unknown>;
  readonly queuedAt: number = performance.now();
  startedAt = 0;
  state: CallState = "queued";
  settled = false;
  /** Its pool counts it among those that have not ended. */
  open = true;
  attempts = 0;
  worker: Worker | undefined;
  size = 0;
  /** Its worker has said that threads it started run on after it. */
  lingers = false;
  /** A suspect: it is to have its next worker for itself. */
  alone = false;
  /** Milliseconds it is expected to take where it is known to be brief. */
  expected: number = Infinity;
  /** How many calls deep in callbacks of other calls it was made. */
  readonly depth: number;
  cpuAtStart: number | undefined;
  #abort: AbortController | undefined;
  /** How many have its signal and may be under way. */
  #listening = 0;
  #closed = false;
  readonly #resolve: (value: unknown) => void;
  readonly #reject: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #onAbort: (() => void) | undefined;

  /** `stop` is called when the deadline passes or the caller's signal fires, whatever the state. */
  constructor(request: CallRequest, stop: (call: Call, error: DspexError) => void, depth = 0) {
    this.request = request;
    this.depth = depth;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.promise = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    const { signal, deadline } = request;
    if (signal && signal !== never) {
      this.#onAbort = () => stop(this, cancelled(signal));
      signal.addEventListener("abort", this.#onAbort, { once: true });
    }
    if (Number.isFinite(deadline)) this.#arm(deadline, stop);
  }

  /** setTimeout holds 24.8 days at most and fires at once beyond. */
  #arm(deadline: number, stop: (call: Call, error: DspexError) => void): void {
    const left = deadline - Date.now();
    if (left > 0x7fff_ffff) this.#timer = setTimeout(() => this.#arm(deadline, stop), 0x7fff_ffff).unref();
    else this.#timer = setTimeout(() => stop(this, timedOut(deadline, this.waits ? "queue" : "python")), Math.max(0, left)).unref();
  }

  /** Its turn has not come. */
  get waits(): boolean {
    return this.state === "queued" || this.state === "ahead";
  }

  resolve(value: unknown): void {
    if (this.#settle()) this.#resolve(value);
  }

  reject(error: unknown): void {
    if (this.#settle()) this.#reject(error);
  }

  #settle(): boolean {
    if (this.settled) return false;
    this.settled = true;
    if (this.#timer) clearTimeout(this.#timer);
    if (this.#onAbort) this.request.signal!.removeEventListener("abort", this.#onAbort);
    return true;
  }

  /** From here on nothing it asks for is answered, and what it has asked for is stopped. */
  close(): void {
    this.#closed = true;
    if (this.#listening > 0) this.#abort!.abort(ENDED);
    this.#abort = undefined;
    this.#listening = 0;
  }

  /** Fires at the call's end: for whatever it has under way at the host, LM requests and tools. */
  get signal(): AbortSignal {
    this.#listening++;
    this.#abort ??= new AbortController();
    if (this.#closed) this.#abort.abort(ENDED);
    return this.#abort.signal;
  }

  /**
   * What took the signal has ended, and need not hear of the call's end: to fire takes 8 us, and 25 before it is compiled.
   * A signal of an attempt that was lost is none of this one's.
   */
  unhear(signal: AbortSignal): void {
    if (signal === this.#abort?.signal) this.#listening--;
  }

  /** Back to the queue. */
  requeue(): void {
    this.state = "queued";
    this.startedAt = 0;
    this.worker = undefined;
    this.cpuAtStart = undefined;
    this.lingers = false;
    this.#closed = false;
  }
}

export function cancelled(signal: AbortSignal): DspexError {
  const reason: unknown = signal.reason;
  if (reason instanceof DOMException && reason.name === "TimeoutError") return timedOut(Date.now(), "python");
  return new CancelledError("The call was cancelled.", { reason, cause: reason });
}

export function timedOut(deadline: number, where: string): TimeoutError {
  return new TimeoutError(where === "queue" ? "The deadline passed while the call waited for a worker." : "The deadline passed.", {
    deadline,
    where,
    remedy: where === "queue" ? "Give it more time, or the pool more workers." : "Give it more time.",
  });
}

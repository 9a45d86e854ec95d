/**
 * What becomes of the calls of a worker that is gone: what waited in it waits on elsewhere, idempotent calls start again, the
 * others fail. An input that has killed is refused.
 */
import { PoolError } from "../errors.ts";
import type { Call, CallRequest } from "./call.ts";
import type { Deaths } from "./deaths.ts";
import { fingerprintOf, ownMaking, Quarantine } from "./quarantine.ts";
import type { Queue } from "./queue.ts";
import type { ExitEvent } from "./wire/messages.ts";
import type { Loss, Worker } from "./worker.ts";

/** How long a death waits for its cause to be told. */
const CAUSE_WAIT = 5000;
/** A bound for calls without a deadline, in a storm without end. */
const REPEATS = 100;

export class Losses {
  readonly #pool: string;
  readonly #queue: Queue;
  readonly #deaths: Deaths;
  readonly #quarantine: Quarantine;
  readonly #ended: (call: Call) => void;
  /** Since when nothing is repeated. */
  #closed: PoolError | undefined;
  /** Calls to be repeated once it is known how their worker died. */
  returning = 0;

  constructor(pool: string, queue: Queue, deaths: Deaths, ended: (call: Call) => void) {
    this.#pool = pool;
    this.#queue = queue;
    this.#deaths = deaths;
    this.#quarantine = new Quarantine(pool);
    this.#ended = ended;
  }

  /** Throws for an input that has killed. */
  refuse(request: CallRequest): void {
    if (this.#quarantine.empty) return;
    const refusal = this.#refusal(request);
    if (refusal) throw refusal;
  }

  #refusal(request: CallRequest): PoolError | undefined {
    return request.identity && this.#quarantine.refusal(fingerprintOf(request.identity()));
  }

  /** Of calls that may have begun. `meanwhile` is called where the cause of a death is yet to be told. */
  async judge(worker: Worker, calls: readonly Call[], why: Loss, meanwhile: () => void): Promise<void> {
    const exit = why.by === "own" && !why.error ? await this.#causeOf(worker, calls, meanwhile) : undefined;
    const own = why.by === "own" && (why.error !== undefined || ownMaking(exit));
    const [first] = calls;
    if (own && calls.length === 1 && first!.request.identity) this.#quarantine.note(fingerprintOf(first!.request.identity()));
    const how = exit ? (exit.signal ? `was ended by ${exit.signal}` : `exited with code ${exit.code}`) : `was lost: ${why.text}`;
    // The last come first to the front of the queue, so that their order stays.
    for (const call of calls.toReversed()) {
      const refused = own ? this.#refusal(call.request) : undefined;
      if (!refused && this.#repeats(call)) {
        call.alone = own;
        call.requeue();
        this.#queue.unshift(call);
        continue;
      }
      call.reject(
        refused ?? why.error ?? new PoolError("worker_lost", `The worker ${worker.pid} ${how}.`, { pool: this.#pool, worker: worker.pid }),
      );
      this.#ended(call);
    }
  }

  /** The workers that are to repeat its calls are on their way before it is known. */
  async #causeOf(worker: Worker, calls: readonly Call[], meanwhile: () => void): Promise<ExitEvent | undefined> {
    const again = calls.filter((call) => this.#repeats(call)).length;
    this.returning += again;
    if (again > 0) meanwhile();
    const exit = await this.#deaths.of(worker.pid, CAUSE_WAIT);
    this.returning -= again;
    return exit;
  }

  /** To the front of the queue, in their order, and not as another attempt: they have not begun. */
  queueAgain(calls: readonly Call[]): void {
    for (const call of calls.toReversed()) {
      if (!call.settled && !this.#closed) {
        call.requeue();
        this.#queue.unshift(call);
      } else {
        if (this.#closed) call.reject(this.#closed);
        this.#ended(call);
      }
    }
  }

  /** An idempotent call is repeated until its deadline; one that kills is stopped by the quarantine, long before the bound. */
  #repeats(call: Call): boolean {
    return !call.settled && call.request.idempotent && call.request.worker === undefined && call.attempts < REPEATS && !this.#closed;
  }

  close(error: PoolError): void {
    this.#closed = error;
  }
}

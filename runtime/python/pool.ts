/**
 * A pool: takes calls, has each run by a worker (`dispatch.ts`) of those there are (`workforce.ts`), and sees that every call
 * ends exactly once, whatever becomes of its worker (`losses.ts`).
 */
import { type DspexError, PoolError } from "../errors.ts";
import type { Durations } from "./brief.ts";
import { Call, type CallRequest, cancelled, timedOut } from "./call.ts";
import { nesting } from "./callbacks.ts";
import type { Crew } from "./crew.ts";
import { Dispatch } from "./dispatch.ts";
import { KeepAlive } from "./keep-alive.ts";
import { Losses } from "./losses.ts";
import type { Profile } from "./profile.ts";
import { statsOf } from "./stats.ts";
import type { PoolStats } from "./surface.ts";
import type { Loss, Worker } from "./worker.ts";
import { Workforce } from "./workforce.ts";

/** Calls within callbacks of calls; each may hold a worker of its own. */
const DEEPEST = 16;

export class WorkerPool {
  readonly profile: Profile;
  readonly #workforce: Workforce;
  readonly #dispatch: Dispatch;
  readonly #losses: Losses;
  readonly #keepAlive = new KeepAlive();
  #state: "open" | "draining" | "closed" = "open";
  #closing: Promise<void> | undefined;
  #idle: (() => void)[] = [];
  /** Calls not ended; while there are any, the process is kept alive. */
  #open = 0;
  /** Of those, made in callbacks of others. */
  #nested = 0;

  constructor(profile: Profile) {
    this.profile = profile;
    this.#workforce = new Workforce(
      profile,
      {
        waiting: () => this.#dispatch.queue.unbound + this.#losses.returning,
        nested: () => this.#nested,
        ready: () => this.#dispatch.pump(),
        hopeless: (why) => this.#refuseWaiting(why),
      },
      {
        ended: (worker, call, returned) => this.#freed(worker, call, returned),
        returned: (_worker, calls) => {
          this.#losses.queueAgain(calls);
          this.#dispatch.pump();
        },
        lost: (worker, begun, waiting, why) => this.#lost(worker, begun, waiting, why),
      },
    );
    this.#dispatch = new Dispatch(profile, this.#workforce);
    this.#losses = new Losses(profile.name, this.#dispatch.queue, this.#workforce.crew.deaths, (call) => this.#ended(call));
  }

  get open(): boolean {
    return this.#state !== "closed";
  }
  get workers(): ReadonlySet<Worker> {
    return this.#workforce.workers;
  }
  get crew(): Crew {
    return this.#workforce.crew;
  }
  get durations(): Durations {
    return this.#dispatch.durations;
  }

  stats(): PoolStats {
    return statsOf(this.profile, this.#workforce, this.#dispatch);
  }

  /** Starts `min` workers, or one: the first call then finds it warm. */
  async start(count: number = Math.max(1, this.profile.min)): Promise<void> {
    this.#refuseClosed();
    this.#keepAlive.hold();
    try {
      await this.#workforce.start(count);
    } catch (error) {
      // Whatever a start in the middle of a close ran into, it is the close that the caller should hear of.
      this.#refuseClosed();
      throw error;
    } finally {
      this.#keepAlive.letGo();
    }
  }

  submit(request: CallRequest, size = 0): Call {
    this.#refuseClosed();
    if (request.signal?.aborted) throw cancelled(request.signal);
    if (request.deadline !== Infinity && request.deadline <= Date.now()) throw timedOut(request.deadline, "queue");
    this.#losses.refuse(request);
    const depth = (nesting.getStore()?.depth ?? -1) + 1;
    if (depth > DEEPEST) throw tooDeep(this.profile.name);
    this.#workforce.refuseBroken();
    const dispatch = this.#dispatch;
    const free = dispatch.choose(request);
    const now = dispatch.queue.length === 0 && free !== undefined;
    if (!now && depth === 0) dispatch.refuseFull(size);
    const call = new Call(request, this.#onStop, depth);
    call.size = size;
    this.#open++;
    if (depth > 0) this.#nested++;
    this.#keepAlive.hold();
    if (now) {
      dispatch.run(call, free, call.queuedAt);
      this.#workforce.crowd(free);
      return call;
    }
    dispatch.wait(call, free);
    if (call.waits && Number.isFinite(this.profile.maxQueueAge)) this.#expire(call);
    return call;
  }

  readonly #onStop = (call: Call, error: DspexError): void => this.#stop(call, error);

  /** Throws where a call could only join a full queue. */
  admit(request: Pick<CallRequest, "exclusive" | "worker">, size: number): void {
    this.#dispatch.admit(request, size);
  }

  #expire(call: Call): void {
    setTimeout(() => {
      if (!call.waits || call.settled) return;
      // Until the first worker is there, everybody waits for the start and not for each other.
      if (this.workers.size === 0) this.#expire(call);
      else this.#stop(call, this.#dispatch.queue.tooOld());
    }, this.profile.maxQueueAge).unref();
  }

  /** The caller wants no more of it. */
  abandon(call: Call, error: DspexError): void {
    this.#stop(call, error);
  }

  /** The deadline has passed or the caller has gone: it is released now, whatever Python does. */
  #stop(call: Call, error: DspexError): void {
    call.reject(error);
    if (call.state === "queued") {
      this.#dispatch.queue.remove(call);
      this.#ended(call);
    } else call.worker?.stop(call, this.profile.killGrace);
  }

  async #lost(worker: Worker, begun: readonly Call[], waiting: readonly Call[], why: Loss): Promise<void> {
    this.#workforce.lost(worker);
    this.#losses.queueAgain(waiting);
    this.#dispatch.pump();
    if (begun.length === 0) return;
    await this.#losses.judge(worker, begun, why, () => this.#workforce.grow());
    this.#dispatch.pump();
  }

  /** Takes no more calls, and ends when it has none. */
  retire(worker: Worker): void {
    this.#workforce.retire(worker);
  }

  #freed(worker: Worker, call: Call, returned: readonly Call[]): void {
    this.#ended(call);
    if (returned.length > 0) this.#losses.queueAgain(returned);
    if (call.request.exclusive && call.startedAt > 0) this.durations.note(call.request.op, worker.connection.lastHeard - call.startedAt);
    this.#workforce.freed(worker);
    // With calls of its own to run next it is not free for another.
    if (worker.exclusive && worker.active > 0 && returned.length === 0) this.#dispatch.sendAhead();
    else this.#dispatch.pump();
  }

  #ended(call: Call): void {
    if (!call.open) return;
    call.open = false;
    this.#open--;
    if (call.depth > 0) this.#nested--;
    call.state = "ended";
    call.close();
    this.#keepAlive.letGo();
    if (this.#open === 0 && this.#idle.length > 0) for (const done of this.#idle.splice(0)) done();
  }

  #refuseWaiting(why: unknown): void {
    for (const call of this.#dispatch.queue.drain()) {
      call.reject(why);
      this.#ended(call);
    }
  }

  #closed(how: "is" | "was" = "was"): PoolError {
    return new PoolError("pool_closed", `The pool ${this.profile.name} ${how} closed.`, { pool: this.profile.name });
  }

  #refuseClosed(): void {
    if (this.#state !== "open") throw this.#closed("is");
  }

  /** Takes no more calls, and resolves when those it has have ended. */
  async drain(): Promise<void> {
    if (this.#state === "open") this.#state = "draining";
    this.#workforce.drain();
    if (this.#open > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  /** At any moment, any number of times: what runs is ended, what waits is refused, every process is gone. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#state = "closed";
    const error = this.#closed();
    this.#losses.close(error);
    this.#refuseWaiting(error);
    // Its processes are unref'ed: without this the script could end before they have.
    this.#keepAlive.hold();
    await this.#workforce.close(error);
    this.#keepAlive.letGo();
    this.#keepAlive.end();
  }
}

function tooDeep(pool: string): PoolError {
  return new PoolError("saturated", `A call of the pool ${pool} was made ${DEEPEST + 1} callbacks deep.`, {
    pool,
    remedy: "Look for a callback that calls itself by way of Python.",
  });
}

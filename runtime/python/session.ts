/**
 * A session: one worker for oneself, with state that stays in it from call to call. It ends by `release()`, by its TTL,
 * or with its worker; a session that asked for `replay` then starts again in another and runs its calls anew.
 *
 * The worker is retired afterwards: what a session left in its modules is nobody else's to find.
 */
import { randomUUID } from "node:crypto";
import { PoolError } from "../errors.ts";
import type { Duration } from "../options.ts";
import type { WorkerPool } from "./pool.ts";
import { duration } from "./profile.ts";
import { callOn, type PoolCallOptions } from "./surface.ts";
import type { Worker } from "./worker.ts";

export interface SessionOptions {
  /** Without a call for this long the session is released; 10 minutes unless said. */
  readonly ttl?: Duration;
  /** After a lost worker: start again and run the calls so far once more. */
  readonly replay?: boolean;
  /** While a call runs, another waits (`queue`, the default) or is refused (`fail`). */
  readonly busy?: "queue" | "fail";
  /** For the checkout. */
  readonly timeout?: Duration;
  readonly signal?: AbortSignal;
}

export interface Session {
  readonly id: string;
  readonly worker: number;
  /** Milliseconds since the epoch. */
  readonly lastActivity: number;
  readonly released: boolean;
  /** A function with a parameter named `session` gets the session's state, a dict that stays. */
  call(op: string, args?: unknown, options?: PoolCallOptions): Promise<any>;
  /** The state as it is in the worker now. */
  state(): Promise<Record<string, unknown>>;
  release(): Promise<void>;
}

const TTL = 600_000;

export async function openSession(pool: WorkerPool, state: Readonly<Record<string, unknown>>, options: SessionOptions): Promise<Session> {
  const session = new PoolSession(pool, state, options);
  await session.open();
  return session;
}

class PoolSession implements Session {
  readonly id: string = randomUUID();
  lastActivity: number = Date.now();
  released = false;
  readonly #pool: WorkerPool;
  readonly #initial: Readonly<Record<string, unknown>>;
  readonly #options: SessionOptions;
  readonly #ttl: number;
  #worker: Worker | undefined;
  #log: { op: string; args: unknown }[] = [];
  /** One call at a time: the tail of the line. */
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(pool: WorkerPool, state: Readonly<Record<string, unknown>>, options: SessionOptions) {
    this.#pool = pool;
    this.#initial = state;
    this.#options = options;
    this.#ttl = duration("ttl", options.ttl ?? TTL);
  }

  get worker(): number {
    return this.#worker?.pid ?? 0;
  }

  async open(): Promise<void> {
    const { timeout, signal } = this.#options;
    const take = (worker: Worker) => {
      worker.leased = true;
      this.#worker = worker;
    };
    try {
      // Before any call has run here the checkout may be repeated in another worker.
      await callOn(
        this.#pool,
        "session.open",
        { state: this.#initial },
        { idempotent: true, ...(timeout === undefined ? {} : { timeout }), ...(signal ? { signal } : {}) },
        { exclusive: true, onAssign: take, sessionId: this.id },
      );
    } catch (error) {
      // Nobody has a session to release: a worker that was taken for it would be held for ever.
      this.#giveBack();
      throw error;
    }
    this.#touch();
  }

  async call(op: string, args?: unknown, options: PoolCallOptions = {}): Promise<any> {
    this.#refuseReleased();
    if (this.#options.busy === "fail" && this.#waiting > 0)
      throw new PoolError("saturated", "The session is busy with another call.", { pool: this.#pool.profile.name, worker: this.worker });
    this.#waiting++;
    const turn = this.#last.then(() => this.#run(op, args, options));
    this.#last = turn.catch(() => {});
    try {
      return await turn;
    } finally {
      this.#waiting--;
    }
  }

  async #run(op: string, args: unknown, options: PoolCallOptions): Promise<unknown> {
    this.#refuseReleased();
    this.#touch();
    try {
      if (this.#worker!.dead) await this.#revive();
      const value = await this.#send(op, args, options);
      this.#log.push({ op, args });
      return value;
    } catch (error) {
      if (!(error instanceof PoolError) || (error.code !== "worker_lost" && error.code !== "worker_hung")) throw error;
      if (!this.#options.replay) throw this.#lost(error);
      await this.#revive();
      const value = await this.#send(op, args, options);
      this.#log.push({ op, args });
      return value;
    } finally {
      this.#touch();
    }
  }

  #send(op: string, args: unknown, options: PoolCallOptions): Promise<unknown> {
    return callOn(this.#pool, op, args, { ...options, idempotent: false }, { exclusive: true, worker: this.#worker!, sessionId: this.id });
  }

  async #revive(): Promise<void> {
    if (!this.#options.replay) throw this.#lost();
    try {
      await this.open();
      for (const { op, args } of this.#log) await this.#send(op, args, {});
    } catch (error) {
      throw this.#lost(error);
    }
  }

  #lost(cause?: unknown): PoolError {
    void this.release();
    return new PoolError("session_lost", `The worker of session ${this.id} was lost, and its state with it.`, {
      pool: this.#pool.profile.name,
      worker: this.worker,
      cause,
      remedy: "Open another session, or ask for `replay: true`.",
    });
  }

  async state(): Promise<Record<string, unknown>> {
    this.#refuseReleased();
    return (await this.call("session.state")) as Record<string, unknown>;
  }

  #touch(): void {
    this.lastActivity = Date.now();
    clearTimeout(this.#timer);
    if (!this.released && Number.isFinite(this.#ttl))
      this.#timer = setTimeout(() => (this.#waiting > 0 ? this.#touch() : void this.release()), Math.min(this.#ttl, 0x7fff_ffff)).unref();
  }

  #refuseReleased(): void {
    if (this.released) throw new PoolError("session_lost", `The session ${this.id} has been released.`, { pool: this.#pool.profile.name });
  }

  async release(): Promise<void> {
    if (this.released) return;
    this.released = true;
    clearTimeout(this.#timer);
    await this.#last;
    this.#giveBack();
  }

  #giveBack(): void {
    const worker = this.#worker;
    if (worker && !worker.dead) this.#pool.retire(worker);
  }
}

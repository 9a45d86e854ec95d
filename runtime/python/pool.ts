/**
 * A pool: takes calls, gives each to a worker that can run it, keeps the workers' number between `min` and `size`,
 * and sees that every call ends exactly once.
 */
import { ConfigurationError, DspexError, PoolError } from "../errors.ts";
import { Call, type CallRequest, cancelled, timedOut } from "./call.ts";
import { Crew } from "./crew.ts";
import type { Profile } from "./profile.ts";
import { Queue } from "./queue.ts";
import type { Loss, Worker } from "./worker.ts";

/** An async worker with this many calls is busy enough to start another beside it. */
const SPREAD = 8;
/** How long a death waits for its cause to be told. */
const CAUSE_WAIT = 200;

export class WorkerPool {
  readonly profile: Profile;
  readonly #queue: Queue;
  readonly #crew: Crew;
  readonly #workers = new Set<Worker>();
  #starting = 0;
  #state: "open" | "draining" | "closed" = "open";
  #closing: Promise<void> | undefined;
  #idle: (() => void)[] = [];
  /** Calls not ended; while there are any, the process is kept alive. */
  readonly #open = new Set<Call>();
  #keepAlive: NodeJS.Timeout | undefined;
  restarts = 0;

  constructor(profile: Profile) {
    this.profile = profile;
    this.#queue = new Queue(profile);
    this.#crew = new Crew(profile, { ended: (_, call) => this.#freed(call), lost: (worker, calls, why) => this.#lost(worker, calls, why) }, () => this.#pump());
  }

  get open(): boolean {
    return this.#state !== "closed";
  }
  get workers(): ReadonlySet<Worker> {
    return this.#workers;
  }
  get queue(): Queue {
    return this.#queue;
  }
  get crew(): Crew {
    return this.#crew;
  }

  /** Starts `min` workers, or one: the first call then finds it warm. */
  async start(count: number = Math.max(1, this.profile.min)): Promise<void> {
    this.#refuseClosed();
    const missing = count - this.#workers.size - this.#starting;
    this.#hold();
    try {
      await Promise.all(Array.from({ length: Math.max(0, missing) }, () => this.#startWorker()));
    } finally {
      this.#letGo();
    }
  }

  submit(request: CallRequest, size = 0): Call {
    this.#refuseClosed();
    if (request.signal?.aborted) throw cancelled(request.signal);
    if (request.deadline <= Date.now()) throw timedOut(request.deadline, "queue");
    if (!this.#canRunNow(request)) {
      const refusal = this.#queue.refusal(size);
      if (refusal) throw refusal;
    }
    const call = new Call(request, (stopped, error) => this.#stop(stopped, error));
    call.size = size;
    this.#open.add(call);
    this.#hold();
    this.#queue.push(call);
    this.#pump();
    return call;
  }

  #canRunNow(request: CallRequest): boolean {
    return this.#queue.length === 0 && (this.#choose(request) !== undefined || this.#workers.size + this.#starting < this.profile.size);
  }

  /** The deadline has passed or the caller has gone: it is released now, whatever Python does. */
  #stop(call: Call, error: DspexError): void {
    call.reject(error);
    if (call.state === "queued") {
      this.#queue.remove(call);
      this.#ended(call);
    } else call.worker?.stop(call, this.profile.killGrace);
  }

  #pump(): void {
    if (this.#state === "closed") return;
    for (;;) {
      let chosen: Worker | undefined;
      const call = this.#queue.takeFirst((waiting) => {
        chosen = this.#choose(waiting.request);
        return chosen !== undefined;
      });
      if (!call) break;
      chosen!.run(call);
    }
    this.#grow();
  }

  /** Exclusive calls take a worker nobody uses; async ones share the least busy. */
  #choose(request: CallRequest): Worker | undefined {
    if (request.worker) return !request.worker.dead && request.worker.active === 0 ? request.worker : undefined;
    let best: Worker | undefined;
    for (const worker of this.#workers) {
      if (worker.dead || worker.retiring || worker.leased || worker.exclusive) continue;
      if (request.exclusive ? worker.active > 0 : worker.active >= this.profile.concurrency) continue;
      if (!best || worker.active < best.active) best = worker;
    }
    return best;
  }

  #grow(): void {
    if (this.#state !== "open" && this.#queue.length === 0) return;
    const crowded = this.#queue.length > 0 || this.#leastBusy() >= SPREAD;
    const wanted = crowded ? Math.max(1, this.#queue.length) : 0;
    for (let i = this.#starting; i < wanted && this.#workers.size + this.#starting < this.profile.size; i++) {
      this.#startWorker().catch((error: unknown) => this.#startFailed(error));
    }
  }

  #leastBusy(): number {
    let least = Infinity;
    for (const worker of this.#workers) least = Math.min(least, worker.exclusive ? Infinity : worker.active);
    return Number.isFinite(least) ? least : 0;
  }

  async #startWorker(): Promise<void> {
    this.#starting++;
    try {
      const worker = await this.#crew.startWorker();
      if (this.#state === "closed") return worker.kill({ by: "host", text: "the pool was closed" });
      this.#workers.add(worker);
    } finally {
      this.#starting--;
    }
    this.#pump();
  }

  /** Nothing will run those that wait: with no worker left and none coming they learn why. */
  #startFailed(error: unknown): void {
    if (this.#workers.size + this.#starting > 0 && !(error instanceof ConfigurationError)) return this.#pump();
    for (const call of this.#queue.drain()) {
      call.reject(error);
      this.#ended(call);
    }
  }

  /** A worker is gone. Its idempotent calls start again elsewhere; the others fail, each once. */
  async #lost(worker: Worker, calls: readonly Call[], why: Loss): Promise<void> {
    this.#workers.delete(worker);
    if (this.#state !== "closed") this.restarts++;
    if (calls.length === 0) return this.#pump();
    const exit = why.by === "own" ? await this.#crew.exitOf(worker.pid, CAUSE_WAIT) : undefined;
    const how = exit ? (exit.signal ? `was ended by ${exit.signal}` : `exited with code ${exit.code}`) : `was lost: ${why.text}`;
    for (const call of calls) {
      const lost = why.error ?? new PoolError("worker_lost", `The worker ${worker.pid} ${how}.`, { pool: this.profile.name, worker: worker.pid });
      if (!call.settled && call.request.idempotent && call.attempts < 2 && this.#state === "open") {
        call.requeue();
        this.#queue.unshift(call);
      } else {
        call.reject(lost);
        call.state = "ended";
        this.#ended(call);
      }
    }
    this.#pump();
  }

  #freed(call: Call): void {
    this.#ended(call);
    this.#pump();
  }

  #ended(call: Call): void {
    if (!this.#open.delete(call)) return;
    call.state = "ended";
    call.close();
    this.#letGo();
    if (this.#open.size === 0) for (const done of this.#idle.splice(0)) done();
  }

  #holds = 0;
  /** Sockets and children are unref'ed; this timer is what keeps a script running while it waits for an answer. */
  #hold(): void {
    if (this.#holds++ === 0) this.#keepAlive = setInterval(() => {}, 0x7fff_ffff);
  }
  #letGo(): void {
    if (--this.#holds === 0) clearInterval(this.#keepAlive);
  }

  #refuseClosed(): void {
    if (this.#state !== "open") throw new PoolError("pool_closed", `The pool ${this.profile.name} is closed.`, { pool: this.profile.name });
  }

  /** Takes no more calls, and resolves when those it has have ended. */
  async drain(): Promise<void> {
    if (this.#state === "open") this.#state = "draining";
    if (this.#open.size > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  /** At any moment, any number of times: what runs is ended, what waits is refused, every process is gone. */
  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    this.#state = "closed";
    const closed = (): PoolError => new PoolError("pool_closed", `The pool ${this.profile.name} was closed.`, { pool: this.profile.name });
    for (const call of this.#queue.drain()) {
      call.reject(closed());
      this.#ended(call);
    }
    for (const worker of [...this.#workers]) worker.kill({ by: "host", text: "the pool was closed", error: closed() });
    await this.#crew.close();
  }
}

/**
 * A pool: takes calls, gives each to a worker that can run it, keeps the workers' number between `min` and `size`,
 * and sees that every call ends exactly once.
 */
import { type DspexError, PoolError } from "../errors.ts";
import { BUDGET_MS, Durations, MOST_AHEAD, mayGoAhead } from "./brief.ts";
import { Call, type CallRequest, cancelled, timedOut } from "./call.ts";
import { nesting } from "./callbacks.ts";
import { Crew } from "./crew.ts";
import { Heartbeat } from "./heartbeat.ts";
import { privateMemory } from "./proc.ts";
import type { Profile } from "./profile.ts";
import { fingerprintOf, ownMaking, Quarantine } from "./quarantine.ts";
import { Queue } from "./queue.ts";
import type { PoolStats } from "./surface.ts";
import type { ExitEvent } from "./wire/messages.ts";
import type { Loss, Worker } from "./worker.ts";

/** An async worker with this many calls is busy enough to start another beside it. */
const SPREAD = 8;
/** How long a death waits for its cause to be told. */
const CAUSE_WAIT = 5000;
/** What a sandbox can have reached, the least first. */
const LEVELS: readonly string[] = ["off", "none", "partial", "full"];
/** A bound for calls without a deadline, in a storm without end. */
const REPEATS = 100;
/** A worker beyond `min` that nobody has used for this long goes. */
const IDLE = 60_000;
/** Calls within callbacks of calls; each may hold a worker of its own. */
const DEEPEST = 16;
/** After a start has failed: the pauses before the next, growing. */
const RETRY = { first: 50, most: 5000 } as const;

export class WorkerPool {
  readonly profile: Profile;
  readonly #queue: Queue;
  readonly #crew: Crew;
  readonly #workers = new Set<Worker>();
  readonly #quarantine: Quarantine;
  readonly #heartbeat: Heartbeat;
  readonly durations: Durations = new Durations();
  #recycling = false;
  #warm = false;
  #startFailures = 0;
  /** Why no worker can be had, until the next start is tried. */
  #startError: unknown;
  #nextStart = 0;
  #starting = 0;
  /** Calls that will be repeated once it is known how their worker died. */
  #returning = 0;
  #state: "open" | "draining" | "closed" = "open";
  #closing: Promise<void> | undefined;
  #idle: (() => void)[] = [];
  /** Calls not ended; while there are any, the process is kept alive. */
  #open = 0;
  /** Of those, made in callbacks of others: each may need a worker beyond `size`, while the others hold theirs. */
  #nested = 0;
  #keepAlive: NodeJS.Timeout | undefined;
  restarts = 0;

  constructor(profile: Profile) {
    this.profile = profile;
    this.#queue = new Queue(profile);
    this.#quarantine = new Quarantine(profile.name);
    this.#heartbeat = new Heartbeat(profile, this.#workers, { recycle: (worker) => this.#recycle(worker), tick: () => this.#retireIdle() });
    this.#crew = new Crew(
      profile,
      {
        ended: (worker, call) => this.#freed(worker, call),
        returned: (_worker, calls) => {
          this.#queueAgain(calls);
          this.#pump();
        },
        lost: (worker, begun, waiting, why) => this.#lost(worker, begun, waiting, why),
      },
      () => this.#pump(),
    );
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

  stats(): PoolStats {
    const workers = [...this.#workers];
    let busy = 0;
    for (const worker of workers) busy += worker.busy;
    const levels = new Set(workers.map((worker) => worker.sandbox.level));
    const least = LEVELS.find((level) => levels.has(level)) ?? [...levels][0];
    return {
      name: this.profile.name,
      size: workers.length,
      limit: this.profile.size,
      pids: workers.map((worker) => worker.pid),
      busy,
      queue: this.#queue.length + this.#ahead,
      restarts: this.restarts,
      sandbox: least ?? (this.profile.sandbox === "off" ? "off" : "not started"),
      memory: workers.reduce((sum, worker) => sum + (privateMemory(worker.pid) ?? 0), 0),
      start: this.#crew.fallback ?? this.profile.start,
    };
  }

  /** Starts `min` workers, or one: the first call then finds it warm. */
  async start(count: number = Math.max(1, this.profile.min)): Promise<void> {
    this.#refuseClosed();
    this.#warm = true;
    const missing = count - this.#workers.size - this.#starting;
    this.#hold();
    try {
      await Promise.all(Array.from({ length: Math.max(0, missing) }, () => this.#startWorker()));
    } catch (error) {
      // Whatever a start in the middle of a close ran into, it is the close that the caller should hear of.
      this.#refuseClosed();
      throw error;
    } finally {
      this.#letGo();
    }
  }

  submit(request: CallRequest, size = 0): Call {
    this.#refuseClosed();
    if (request.signal?.aborted) throw cancelled(request.signal);
    if (request.deadline !== Infinity && request.deadline <= Date.now()) throw timedOut(request.deadline, "queue");
    if (!this.#quarantine.empty && request.identity) {
      const refusal = this.#quarantine.refusal(fingerprintOf(request.identity()));
      if (refusal) throw refusal;
    }
    const depth = (nesting.getStore()?.depth ?? -1) + 1;
    if (depth > DEEPEST) throw tooDeep(this.profile.name);
    this.#refuseBroken();
    const free = this.#choose(request);
    const now = this.#queue.length === 0 && free !== undefined;
    if (!now && depth === 0) this.#refuseFull(size);
    const call = new Call(request, this.#onStop, depth);
    call.size = size;
    this.#open++;
    if (depth > 0) this.#nested++;
    this.#hold();
    if (now) {
      this.#run(call, free, call.queuedAt);
      if (free.active >= SPREAD) this.#grow();
      return call;
    }
    const place = this.#queue.length === 0 ? this.#placeFor(call) : undefined;
    if (place) place.sendAhead(call);
    else {
      this.#queue.push(call);
      // Where it has no worker, those before it in its lane have none either.
      if (free) this.#pump();
      else this.#relieve();
    }
    if (call.waits && Number.isFinite(this.profile.maxQueueAge)) this.#expire(call);
    return call;
  }

  readonly #onStop = (call: Call, error: DspexError): void => this.#stop(call, error);

  #run(call: Call, worker: Worker, now: number): void {
    if (call.request.exclusive) call.expected = this.durations.expected(call);
    worker.run(call, now);
  }

  /** Where a call may wait for its turn: while nobody is free or may be started. Over a network a dying worker's last words can be lost. */
  #placeFor(call: Call): Worker | undefined {
    if (this.#starting > 0 || this.#workers.size < this.profile.size || this.profile.transport !== "unix") return undefined;
    if (!mayGoAhead(call)) return undefined;
    let best: Worker | undefined;
    for (const worker of this.#workers)
      if (worker.backlog < (best?.backlog ?? BUDGET_MS) && worker.waiting < MOST_AHEAD && worker.takesAhead) best = worker;
    if (best) call.expected = this.durations.expected(call);
    return best;
  }

  /** Throws where a call could only join a full queue. `size` may be a guess: it is asked before a large body is made. */
  admit(request: Pick<CallRequest, "exclusive" | "worker">, size: number): void {
    if (this.#queue.length > 0 || this.#choose(request) === undefined) this.#refuseFull(size);
  }

  /** A worker that is to be started for it is worth waiting for, even where nothing may wait. */
  #refuseFull(size: number): void {
    if (this.#queue.length === 0 && this.#workers.size + this.#starting < this.profile.size) return;
    const refusal = this.#queue.refusal(size, this.#ahead);
    if (refusal) throw refusal;
  }

  #expire(call: Call): void {
    setTimeout(() => {
      if (!call.waits || call.settled) return;
      // Until the first worker is there, everybody waits for the start and not for each other.
      if (this.#workers.size === 0) this.#expire(call);
      else this.#stop(call, this.#queue.tooOld());
    }, this.profile.maxQueueAge).unref();
  }

  /** Calls that wait in workers. */
  get #ahead(): number {
    let ahead = 0;
    for (const worker of this.#workers) ahead += worker.waiting;
    return ahead;
  }

  /** The caller wants no more of it. */
  abandon(call: Call, error: DspexError): void {
    this.#stop(call, error);
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
    if (this.#queue.length === 0 || this.#state === "closed") return;
    // Where one call of a lane finds no worker, the next of that lane need not look.
    const full = { exclusive: false, async: false };
    for (;;) {
      let chosen: Worker | undefined;
      const call = this.#queue.takeFirst(({ request, alone }) => {
        const lane = request.exclusive || alone ? "exclusive" : "async";
        if (full[lane] && !request.worker) return false;
        chosen = this.#choose(request, alone);
        if (!chosen && !request.worker) full[lane] = true;
        return chosen !== undefined;
      });
      if (!call) break;
      this.#run(call, chosen!, performance.now());
    }
    this.#relieve();
  }

  /** For calls that find no worker: more of them, or a place in one that will be free in no time. */
  #relieve(): void {
    this.#grow();
    this.#sendAhead();
  }

  /** In their order: where the first has no place, none that is behind it goes before it. */
  #sendAhead(): void {
    for (let call = this.#queue.firstUnbound; call; call = this.#queue.firstUnbound) {
      const place = this.#placeFor(call);
      if (!place) return;
      this.#queue.remove(call);
      place.sendAhead(call);
    }
  }

  /** Exclusive calls take a worker nobody uses; async ones share the least busy. */
  #choose(request: Pick<CallRequest, "exclusive" | "worker">, alone = false): Worker | undefined {
    if (request.worker) return !request.worker.dead && request.worker.active === 0 ? request.worker : undefined;
    let best: Worker | undefined;
    for (const worker of this.#workers) {
      if (worker.dead || worker.retiring || worker.leased || worker.exclusive) continue;
      if (request.exclusive || alone ? worker.active > 0 : worker.active >= this.profile.concurrency) continue;
      if (!best || worker.active < best.active) best = worker;
    }
    return best;
  }

  #grow(): void {
    if (this.#state === "closed" || performance.now() < this.#nextStart) return;
    const crowded = this.#leastBusy() >= SPREAD ? 1 : 0;
    // A session's calls wait for one worker alone; a new one would not help them.
    const wanted = Math.max(crowded, this.#queue.unbound + this.#returning);
    for (let i = this.#starting; i < wanted && this.#workers.size + this.#starting < this.profile.size + this.#nested; i++) {
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
      this.#startFailures = 0;
      this.#startError = undefined;
      this.#nextStart = 0;
      this.#heartbeat.start();
    } finally {
      this.#starting--;
    }
    this.#pump();
  }

  /** With no worker left and none coming, those that wait learn why; else the pool makes do with what it has. */
  #startFailed(error: unknown): void {
    if (this.#state === "closed") return;
    this.#startFailures++;
    const pause = Math.min(RETRY.first * 2 ** this.#startFailures, RETRY.most);
    this.#nextStart = performance.now() + pause;
    setTimeout(() => this.#pump(), pause + 1).unref();
    if (this.#workers.size + this.#starting > 0) return;
    // A loss may not happen again, nor what happened once; what came twice is there at the next try as well.
    const lost = error instanceof PoolError && error.code === "worker_lost";
    if (lost && this.#startFailures < 5) return;
    this.#startError = lost || this.#startFailures < 2 ? undefined : error;
    for (const call of this.#queue.drain()) {
      call.reject(error);
      this.#ended(call);
    }
  }

  #retireIdle(): void {
    const spare = this.#workers.size - this.profile.min;
    const idle = [...this.#workers].filter(
      (worker) => worker.active === 0 && !worker.leased && performance.now() - worker.idleSince > IDLE,
    );
    for (const worker of idle.slice(0, Math.max(0, spare))) this.retire(worker);
  }

  /** A worker is gone. What waited in it waits on elsewhere; idempotent calls start again; the others fail, each once. */
  async #lost(worker: Worker, calls: readonly Call[], waiting: readonly Call[], why: Loss): Promise<void> {
    this.#workers.delete(worker);
    if (this.#state !== "closed" && !worker.retiring) this.restarts++;
    this.#keepMinimum();
    this.#queueAgain(waiting);
    this.#pump();
    if (calls.length === 0) return;
    const exit = why.by === "own" && !why.error ? await this.#causeOf(worker, calls) : undefined;

    const own = why.by === "own" && (why.error !== undefined || ownMaking(exit));
    const [first] = calls;
    if (own && calls.length === 1 && first!.request.identity) this.#quarantine.note(fingerprintOf(first!.request.identity()));
    const how = exit ? (exit.signal ? `was ended by ${exit.signal}` : `exited with code ${exit.code}`) : `was lost: ${why.text}`;
    // The last come first to the front of the queue, so that their order stays.
    for (const call of calls.toReversed()) {
      const refused = own && call.request.identity ? this.#quarantine.refusal(fingerprintOf(call.request.identity())) : undefined;
      if (!refused && this.#repeats(call)) {
        call.alone = own;
        call.requeue();
        this.#queue.unshift(call);
        continue;
      }
      call.reject(
        refused ??
          why.error ??
          new PoolError("worker_lost", `The worker ${worker.pid} ${how}.`, { pool: this.profile.name, worker: worker.pid }),
      );
      this.#ended(call);
    }
    this.#pump();
  }

  /** Meanwhile the workers that are to repeat its calls are on their way. */
  async #causeOf(worker: Worker, calls: readonly Call[]): Promise<ExitEvent | undefined> {
    const again = calls.filter((call) => this.#repeats(call)).length;
    this.#returning += again;
    if (again > 0) this.#grow();
    const exit = await this.#crew.deaths.of(worker.pid, CAUSE_WAIT);
    this.#returning -= again;
    return exit;
  }

  /** To the front of the queue, in their order, and not as another attempt: they have not begun. */
  #queueAgain(calls: readonly Call[]): void {
    for (const call of calls.toReversed()) {
      if (!call.settled && this.#state !== "closed") {
        call.requeue();
        this.#queue.unshift(call);
      } else {
        call.reject(this.#closed());
        this.#ended(call);
      }
    }
  }

  /** An idempotent call is repeated until its deadline; one that kills is stopped by the quarantine, long before the bound. */
  #repeats(call: Call): boolean {
    return (
      !call.settled && call.request.idempotent && call.request.worker === undefined && call.attempts < REPEATS && this.#state !== "closed"
    );
  }

  #keepMinimum(): void {
    for (let have = this.#workers.size + this.#starting; this.#warm && have < this.profile.min && this.#state === "open"; have++) {
      this.#startWorker().catch((error: unknown) => this.#startFailed(error));
    }
  }

  /** Replace, then drain: capacity never falls below what it was. One at a time. */
  #recycle(worker: Worker): void {
    if (this.#recycling || worker.leased || this.#state !== "open") return;
    this.#recycling = true;
    void this.#startWorker()
      .then(() => this.retire(worker))
      .catch(() => {})
      .finally(() => {
        this.#recycling = false;
      });
  }

  /** Takes no more calls, and ends when it has none. */
  retire(worker: Worker): void {
    worker.retiring = true;
    // A call of a session that is over may still unwind: at its end nobody holds the worker back.
    worker.leased = false;
    if (worker.active === 0 && !worker.dead) worker.kill({ by: "host", text: "it was replaced" });
  }

  #freed(worker: Worker, call: Call): void {
    this.#ended(call);
    if (call.request.exclusive && call.startedAt > 0) this.durations.note(call.request.op, worker.connection.lastHeard - call.startedAt);
    // A nested call may have needed one more than there should be.
    if (worker.active === 0 && !worker.leased && (worker.retiring || this.#workers.size > this.profile.size + this.#nested))
      this.retire(worker);
    else if (this.#heartbeat.spent(worker)) this.#recycle(worker);
    // With calls of its own to run next it is not free for another.
    if (worker.exclusive && worker.active > 0) this.#sendAhead();
    else this.#pump();
  }

  #ended(call: Call): void {
    if (!call.open) return;
    call.open = false;
    this.#open--;
    if (call.depth > 0) this.#nested--;
    call.state = "ended";
    call.close();
    this.#letGo();
    if (this.#open === 0 && this.#idle.length > 0) for (const done of this.#idle.splice(0)) done();
  }

  #holds = 0;
  /** Sockets and children are unref'ed; this timer is what keeps a script running while it waits for an answer. */
  #hold(): void {
    if (this.#holds++ === 0) {
      this.#keepAlive ??= setInterval(() => {}, 0x7fff_ffff);
      this.#keepAlive.ref();
    }
  }
  #letGo(): void {
    if (--this.#holds === 0) this.#keepAlive?.unref();
  }

  #closed(how: "is" | "was" = "was"): PoolError {
    return new PoolError("pool_closed", `The pool ${this.profile.name} ${how} closed.`, { pool: this.profile.name });
  }

  #refuseClosed(): void {
    if (this.#state !== "open") throw this.#closed("is");
  }

  /** No worker, none coming and no start before the next try: to wait would only hide why. */
  #refuseBroken(): void {
    if (this.#startError === undefined || this.#workers.size + this.#starting > 0) return;
    if (performance.now() < this.#nextStart) throw this.#startError;
  }

  /** Takes no more calls, and resolves when those it has have ended. */
  async drain(): Promise<void> {
    if (this.#state === "open") this.#state = "draining";
    if (this.#open > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  /** At any moment, any number of times: what runs is ended, what waits is refused, every process is gone. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#state = "closed";
    this.#heartbeat.stop();
    for (const call of this.#queue.drain()) {
      call.reject(this.#closed());
      this.#ended(call);
    }
    for (const worker of [...this.#workers]) worker.kill({ by: "host", text: "the pool was closed", error: this.#closed() }, false);
    // Its processes are unref'ed: without this the script could end before they have.
    this.#hold();
    await this.#crew.close();
    this.#letGo();
    clearInterval(this.#keepAlive);
  }
}

function tooDeep(pool: string): PoolError {
  return new PoolError("saturated", `A call of the pool ${pool} was made ${DEEPEST + 1} callbacks deep.`, {
    pool,
    remedy: "Look for a callback that calls itself by way of Python.",
  });
}

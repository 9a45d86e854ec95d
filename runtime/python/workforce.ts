/**
 * How many workers a pool has: started where calls wait, replaced when lost or spent, let go where nobody uses them. Between
 * `min` and `size`, and one more for each call within a callback. After a failed start the next one waits, longer each time.
 */
import { PoolError } from "../errors.ts";
import { Crew } from "./crew.ts";
import { Heartbeat } from "./heartbeat.ts";
import type { Profile } from "./profile.ts";
import type { Worker, WorkerEvents } from "./worker.ts";

/** An async worker with this many calls is busy enough to start another beside it. */
const SPREAD = 8;
/** A worker beyond `min` that nobody has used for this long goes. */
const IDLE = 60_000;
/** After a start has failed: the pauses before the next, growing. */
const RETRY = { first: 50, most: 5000 } as const;

export interface Demand {
  /** Calls that any worker may take, and find none. */
  waiting(): number;
  /** Calls within callbacks: each may need a worker beyond `size`, while others hold theirs. */
  nested(): number;
  /** There is another worker, or one may be tried for again. */
  ready(): void;
  /** There is no worker, and none to be had. */
  hopeless(why: unknown): void;
}

export class Workforce {
  readonly workers: ReadonlySet<Worker>;
  readonly crew: Crew;
  readonly #workers = new Set<Worker>();
  readonly #profile: Profile;
  readonly #demand: Demand;
  readonly #heartbeat: Heartbeat;
  #state: "open" | "draining" | "closed" = "open";
  #recycling = false;
  #warm = false;
  #failures = 0;
  /** Why no worker can be had, until the next start is tried. */
  #error: unknown;
  #nextStart = 0;
  #starting = 0;
  /** Workers lost, each to be replaced. */
  losses = 0;

  constructor(profile: Profile, demand: Demand, events: WorkerEvents) {
    this.workers = this.#workers;
    this.#profile = profile;
    this.#demand = demand;
    this.#heartbeat = new Heartbeat(profile, this.#workers, { recycle: (worker) => this.#recycle(worker), tick: () => this.#retireIdle() });
    this.crew = new Crew(profile, events, () => demand.ready());
  }

  get starting(): number {
    return this.#starting;
  }
  /** Those that are there or coming. */
  get size(): number {
    return this.#workers.size + this.#starting;
  }

  /** At least so many; the pool is kept at its `min` from here on. */
  async start(count: number): Promise<void> {
    this.#warm = true;
    await Promise.all(Array.from({ length: Math.max(0, count - this.size) }, () => this.#start()));
  }

  /** One for each call that waits, as far as there may be. */
  grow(): void {
    if (this.#state === "closed" || performance.now() < this.#nextStart) return;
    const wanted = Math.max(this.#leastBusy() >= SPREAD ? 1 : 0, this.#demand.waiting());
    for (let i = this.#starting; i < wanted && this.size < this.#profile.size + this.#demand.nested(); i++) this.#startAlone();
  }

  /** A call has come to a worker of many: perhaps too many. */
  crowd(worker: Worker): void {
    if (worker.active >= SPREAD) this.grow();
  }

  #leastBusy(): number {
    let least = Infinity;
    for (const worker of this.#workers) least = Math.min(least, worker.exclusive ? Infinity : worker.active);
    return Number.isFinite(least) ? least : 0;
  }

  async #start(): Promise<void> {
    this.#starting++;
    try {
      const worker = await this.crew.startWorker();
      if (this.#state === "closed") return worker.kill({ by: "host", text: "the pool was closed" });
      this.#workers.add(worker);
      this.#failures = 0;
      this.#error = undefined;
      this.#nextStart = 0;
      this.#heartbeat.start();
    } finally {
      this.#starting--;
    }
    this.#demand.ready();
  }

  #startAlone(): void {
    this.#start().catch((error: unknown) => this.#startFailed(error));
  }

  /** With no worker left and none coming, those that wait learn why; else the pool makes do with what it has. */
  #startFailed(error: unknown): void {
    if (this.#state === "closed") return;
    this.#failures++;
    const pause = Math.min(RETRY.first * 2 ** this.#failures, RETRY.most);
    this.#nextStart = performance.now() + pause;
    setTimeout(() => this.#demand.ready(), pause + 1).unref();
    if (this.size > 0) return;
    // A loss may not happen again, nor what happened once; what came twice is there at the next try as well.
    const lost = error instanceof PoolError && error.code === "worker_lost";
    if (lost && this.#failures < 5) return;
    this.#error = lost || this.#failures < 2 ? undefined : error;
    this.#demand.hopeless(error);
  }

  /** No worker, none coming and no start before the next try: to wait would only hide why. */
  refuseBroken(): void {
    if (this.#error === undefined || this.size > 0) return;
    if (performance.now() < this.#nextStart) throw this.#error;
  }

  lost(worker: Worker): void {
    this.#workers.delete(worker);
    if (this.#state !== "closed" && !worker.retiring) this.losses++;
    if (!this.#warm || this.#state !== "open") return;
    for (let have = this.size; have < this.#profile.min; have++) this.#startAlone();
  }

  /** One of its calls has ended. */
  freed(worker: Worker): void {
    // A nested call may have needed one more than there should be.
    const spare = worker.retiring || this.#workers.size > this.#profile.size + this.#demand.nested();
    if (worker.active === 0 && !worker.leased && spare) this.retire(worker);
    else if (this.#heartbeat.spent(worker)) this.#recycle(worker);
  }

  /** Replace, then drain: capacity never falls below what it was. One at a time. */
  #recycle(worker: Worker): void {
    if (this.#recycling || worker.leased || this.#state !== "open") return;
    this.#recycling = true;
    void this.#start()
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

  #retireIdle(): void {
    const spare = this.#workers.size - this.#profile.min;
    const idle = [...this.#workers].filter(
      (worker) => worker.active === 0 && !worker.leased && performance.now() - worker.idleSince > IDLE,
    );
    for (const worker of idle.slice(0, Math.max(0, spare))) this.retire(worker);
  }

  /** Those that go are not replaced. */
  drain(): void {
    if (this.#state === "open") this.#state = "draining";
  }

  async close(error: PoolError): Promise<void> {
    this.#state = "closed";
    this.#heartbeat.stop();
    for (const worker of [...this.#workers]) worker.kill({ by: "host", text: "the pool was closed", error }, false);
    await this.crew.close();
  }
}

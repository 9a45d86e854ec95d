/**
 * Looks after a pool's workers once an interval: silent ones, large ones, old ones, idle ones.
 *
 * Silence counts only in turns the host itself was on time for, after its own reads: a host blocked for five seconds
 * once "killed" a worker that had answered. A silent worker is hung when it is stopped, or neither used a processor
 * since its silence began nor waits for one; one that computes is busy, and its deadline decides.
 */
import { PoolError } from "../errors.ts";
import { privateMemory, processFacts, residentMemory, wantsProcessor } from "./proc.ts";
import type { Profile } from "./profile.ts";
import type { Worker } from "./worker.ts";

/** Beyond this part of its limit a worker is killed and not merely replaced. */
const HARD = 1.5;
const TICKS_PER_SECOND = 100;

export interface Verdicts {
  recycle(worker: Worker): void;
  tick(): void;
}

export interface Watched {
  heard: number;
  misses: number;
  /** Processor time used when the silence began. */
  cpu: number;
  limitCalls: number;
  limitAge: number;
}

export class Heartbeat {
  readonly #profile: Profile;
  readonly #workers: ReadonlySet<Worker>;
  readonly #verdicts: Verdicts;
  #timer: NodeJS.Timeout | undefined;
  #due = 0;
  #number = 0;

  constructor(profile: Profile, workers: ReadonlySet<Worker>, verdicts: Verdicts) {
    this.#profile = profile;
    this.#workers = workers;
    this.#verdicts = verdicts;
  }

  start(): void {
    if (this.#timer || this.#profile.heartbeat.interval <= 0) return;
    const { interval } = this.#profile.heartbeat;
    this.#due = performance.now() + interval;
    this.#timer = setInterval(() => {
      const late = performance.now() - this.#due > interval / 2;
      this.#due = performance.now() + interval;
      if (this.#workers.size === 0) return this.stop();
      // What has arrived is read in the poll phase; judged is after it.
      setImmediate(() => this.#look(late));
    }, interval).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look(late: boolean): void {
    this.#number = (this.#number + 1) % 0xffff_ffff;
    for (const worker of [...this.#workers]) {
      const watched = this.#watch(worker);
      if (worker.connection.lastHeard > watched.heard || late) {
        watched.heard = worker.connection.lastHeard;
        watched.misses = 0;
      } else {
        if (++watched.misses === 1) watched.cpu = processFacts(worker.pid)?.cpuTicks ?? 0;
        if (watched.misses >= this.#profile.heartbeat.misses) this.#judge(worker, watched);
      }
      if (worker.dead) continue;
      worker.ping(this.#number);
      this.#measure(worker);
    }
    this.#verdicts.tick();
  }

  #watch(worker: Worker): Watched {
    if (worker.watched) return worker.watched;
    // Ten per cent either way, so that workers of one birthday do not leave together.
    const jitter = 0.9 + Math.random() * 0.2;
    const { calls, age } = this.#profile.recycle;
    worker.watched = { heard: 0, misses: 0, cpu: 0, limitCalls: calls * jitter, limitAge: age * jitter };
    return worker.watched;
  }

  /** Old by calls or by age: asked after every call as well. */
  spent(worker: Worker): boolean {
    const { limitCalls, limitAge } = this.#watch(worker);
    return worker.served >= limitCalls || worker.connection.lastHeard - worker.born >= limitAge;
  }

  #judge(worker: Worker, watched: Watched): void {
    const facts = processFacts(worker.pid);
    const stopped = facts?.state === "T" || facts?.state === "t";
    const busy = facts !== undefined && (facts.cpuTicks > watched.cpu || wantsProcessor(worker.pid));
    if (!stopped && busy) {
      // Heard out for as many intervals again: a shared processor may give it none in the next one.
      watched.misses = 0;
      return;
    }
    const { interval, misses } = this.#profile.heartbeat;
    const how = stopped ? "is stopped" : "uses no processor and does not answer";
    worker.kill({
      by: "host",
      text: `it ${how}`,
      error: new PoolError("worker_hung", `The worker ${worker.pid} ${how}: ${misses} heartbeats of ${interval} ms went by.`, {
        pool: this.#profile.name,
        worker: worker.pid,
      }),
    });
  }

  #measure(worker: Worker): void {
    const { cpu, recycle, memory } = this.#profile;
    if (Number.isFinite(cpu)) this.#budget(worker, cpu);
    if (worker.dead || worker.retiring) return;
    if (this.spent(worker)) {
      this.#verdicts.recycle(worker);
      return;
    }
    // The cheap figure counts what it shares with the zygote; only when it is large is the true one worth a millisecond.
    if ((residentMemory(worker.pid) ?? 0) < recycle.memory) return;
    const held = privateMemory(worker.pid) ?? 0;
    if (held > memory * HARD) {
      worker.kill({
        by: "own",
        text: "memory",
        error: exhausted(this.#profile.name, worker.pid, `holds ${megabytes(held)}, and its limit is ${megabytes(memory)}`),
      });
    } else if (held > recycle.memory) this.#verdicts.recycle(worker);
  }

  /** Processor time belongs to a call where the worker has only one. */
  #budget(worker: Worker, seconds: number): void {
    const call = worker.running;
    if (!call) return;
    const ticks = processFacts(worker.pid)?.cpuTicks ?? 0;
    call.cpuAtStart ??= ticks;
    if ((ticks - call.cpuAtStart) / TICKS_PER_SECOND > seconds)
      worker.kill({
        by: "own",
        text: "processor time",
        error: exhausted(this.#profile.name, worker.pid, `has used ${seconds} s of processor time for one call`),
      });
  }
}

function exhausted(pool: string, worker: number, what: string): PoolError {
  return new PoolError("resource_exhausted", `The worker ${worker} ${what}.`, {
    pool,
    worker,
    remedy: "Give the pool a larger limit, or the call less to do.",
  });
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / (1 << 20))} MB`;
}

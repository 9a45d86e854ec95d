/** Which worker runs which call: one that is free, else the next to be free, else a place behind a call that takes no time. */
import { BUDGET_MS, Durations, MOST_AHEAD, mayGoAhead } from "./brief.ts";
import type { Call, CallRequest } from "./call.ts";
import type { Profile } from "./profile.ts";
import { Queue } from "./queue.ts";
import type { Worker } from "./worker.ts";
import type { Workforce } from "./workforce.ts";

export class Dispatch {
  readonly queue: Queue;
  readonly durations: Durations = new Durations();
  readonly #profile: Profile;
  readonly #workforce: Workforce;

  constructor(profile: Profile, workforce: Workforce) {
    this.queue = new Queue(profile);
    this.#profile = profile;
    this.#workforce = workforce;
  }

  /** Exclusive calls take a worker nobody uses; async ones share the least busy. */
  choose(request: Pick<CallRequest, "exclusive" | "worker">, alone = false): Worker | undefined {
    if (request.worker) return !request.worker.dead && request.worker.active === 0 ? request.worker : undefined;
    let best: Worker | undefined;
    for (const worker of this.#workforce.workers) {
      if (worker.dead || worker.retiring || worker.leased || worker.exclusive) continue;
      if (request.exclusive || alone ? worker.active > 0 : worker.active >= this.#profile.concurrency) continue;
      if (!best || worker.active < best.active) best = worker;
    }
    return best;
  }

  run(call: Call, worker: Worker, now: number): void {
    if (call.request.exclusive) call.expected = this.durations.expected(call);
    worker.run(call, now);
  }

  /** Throws where a call could only join a full queue. `size` may be a guess: it is asked before a large body is made. */
  admit(request: Pick<CallRequest, "exclusive" | "worker">, size: number): void {
    if (this.queue.length > 0 || this.choose(request) === undefined) this.refuseFull(size);
  }

  /** A worker that is to be started for it is worth waiting for, even where nothing may wait. */
  refuseFull(size: number): void {
    if (this.queue.length === 0 && this.#workforce.size < this.#profile.size) return;
    const refusal = this.queue.refusal(size, this.ahead);
    if (refusal) throw refusal;
  }

  /** It finds no worker now: `free` is one that others wait for before it. */
  wait(call: Call, free: Worker | undefined): void {
    const place = this.queue.length === 0 ? this.#placeFor(call) : undefined;
    if (place) place.sendAhead(call);
    else {
      this.queue.push(call);
      // Where it has no worker, those before it in its lane have none either.
      if (free) this.pump();
      else this.#relieve();
    }
  }

  /** Whoever waits and finds a worker runs. */
  pump(): void {
    if (this.queue.length === 0) return;
    // Where one call of a lane finds no worker, the next of that lane need not look.
    const full = { exclusive: false, async: false };
    for (;;) {
      let chosen: Worker | undefined;
      const call = this.queue.takeFirst(({ request, alone }) => {
        const lane = request.exclusive || alone ? "exclusive" : "async";
        if (full[lane] && !request.worker) return false;
        chosen = this.choose(request, alone);
        if (!chosen && !request.worker) full[lane] = true;
        return chosen !== undefined;
      });
      if (!call) break;
      this.run(call, chosen!, performance.now());
    }
    this.#relieve();
  }

  /** For calls that find no worker: more of them, or a place in one that will be free in no time. */
  #relieve(): void {
    this.#workforce.grow();
    this.sendAhead();
  }

  /** In their order: where the first has no place, none that is behind it goes before it. */
  sendAhead(): void {
    for (let call = this.queue.firstUnbound; call; call = this.queue.firstUnbound) {
      const place = this.#placeFor(call);
      if (!place) return;
      this.queue.remove(call);
      place.sendAhead(call);
    }
  }

  /** Calls that wait in workers. */
  get ahead(): number {
    let ahead = 0;
    for (const worker of this.#workforce.workers) ahead += worker.waiting;
    return ahead;
  }

  /** Where a call may wait for its turn: while nobody is free or may be started. Over a network a dying worker's last words can be lost. */
  #placeFor(call: Call): Worker | undefined {
    const { starting, workers } = this.#workforce;
    if (starting > 0 || workers.size < this.#profile.size || this.#profile.transport !== "unix") return undefined;
    if (!mayGoAhead(call)) return undefined;
    let best: Worker | undefined;
    for (const worker of workers)
      if (worker.backlog < (best?.backlog ?? BUDGET_MS) && worker.waiting < MOST_AHEAD && worker.takesAhead) best = worker;
    if (best) call.expected = this.durations.expected(call);
    return best;
  }
}

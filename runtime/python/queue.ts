/** The calls that wait for a worker: first come, first served; bounded by count, bytes and age. */
import { PoolError } from "../errors.ts";
import type { Call } from "./call.ts";
import type { Profile } from "./profile.ts";

export class Queue {
  readonly #profile: Profile;
  #calls: Call[] = [];
  #bytes = 0;
  #unbound = 0;

  constructor(profile: Profile) {
    this.#profile = profile;
  }

  get length(): number {
    return this.#calls.length;
  }
  get bytes(): number {
    return this.#bytes;
  }
  /** Milliseconds the oldest has waited. */
  get age(): number {
    return this.#calls.length === 0 ? 0 : performance.now() - this.#calls[0]!.queuedAt;
  }

  /** Refuses at once what could only wait in vain: memory stays bounded and the caller can go elsewhere. `ahead` wait already, in workers. */
  refusal(bytes: number, ahead = 0): PoolError | undefined {
    const { name, maxQueue, maxQueueBytes, maxQueueAge } = this.#profile;
    const full =
      this.#calls.length + ahead >= maxQueue
        ? `${this.#calls.length + ahead} calls wait, and maxQueue is ${maxQueue}`
        : this.#bytes + bytes > maxQueueBytes
          ? `${this.#bytes} bytes wait, and maxQueueBytes is ${maxQueueBytes}`
          : this.age > maxQueueAge
            ? `the oldest has waited ${Math.round(this.age)} ms, and maxQueueAge is ${maxQueueAge}`
            : undefined;
    return full === undefined ? undefined : saturated(name, full);
  }

  /** For a call that has waited its time. */
  tooOld(): PoolError {
    const { name, maxQueueAge } = this.#profile;
    return saturated(name, `the call has waited ${maxQueueAge} ms, as long as maxQueueAge allows`);
  }

  /** Those that any worker may take: a session's calls wait for one worker alone. */
  get unbound(): number {
    return this.#unbound;
  }

  /** Nested calls go first: others wait for them already. */
  push(call: Call): void {
    if (call.depth > 0) this.#calls.unshift(call);
    else this.#calls.push(call);
    this.#count(call, 1);
  }
  /** A repeat has waited already. */
  unshift(call: Call): void {
    this.#calls.unshift(call);
    this.#count(call, 1);
  }
  /** The first that `accepts` takes; the others keep their places. */
  takeFirst(accepts: (call: Call) => boolean): Call | undefined {
    const index = this.#calls.findIndex(accepts);
    return index < 0 ? undefined : this.#take(index);
  }
  /** The first that any worker may take. */
  get firstUnbound(): Call | undefined {
    return this.#unbound > 0 ? this.#calls.find(({ request }) => request.worker === undefined) : undefined;
  }
  remove(call: Call): boolean {
    const index = this.#calls.indexOf(call);
    return index >= 0 && this.#take(index) !== undefined;
  }
  drain(): Call[] {
    const calls = this.#calls;
    this.#calls = [];
    this.#bytes = 0;
    this.#unbound = 0;
    return calls;
  }

  #take(index: number): Call {
    const call = index === 0 ? this.#calls.shift()! : this.#calls.splice(index, 1)[0]!;
    this.#count(call, -1);
    return call;
  }
  #count(call: Call, by: 1 | -1): void {
    this.#bytes += by * call.size;
    if (call.request.worker === undefined) this.#unbound += by;
  }
}

function saturated(pool: string, why: string): PoolError {
  return new PoolError("saturated", `The pool ${pool} is saturated: ${why}.`, {
    pool,
    remedy: "Send less at a time, or give the pool more workers or a longer queue.",
  });
}

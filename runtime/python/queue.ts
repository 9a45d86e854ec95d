/** The calls that wait for a worker: first come, first served; bounded by count, bytes and age. */
import { PoolError } from "../errors.ts";
import type { Call } from "./call.ts";
import type { Profile } from "./profile.ts";

export class Queue {
  readonly #profile: Profile;
  #calls: Call[] = [];
  #bytes = 0;

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

  /** Refuses at once what could only wait in vain: memory stays bounded and the caller can go elsewhere. */
  refusal(bytes: number): PoolError | undefined {
    const { name, maxQueue, maxQueueBytes, maxQueueAge } = this.#profile;
    const full =
      this.#calls.length >= maxQueue ? `${this.#calls.length} calls wait, and maxQueue is ${maxQueue}`
      : this.#bytes + bytes > maxQueueBytes ? `${this.#bytes} bytes wait, and maxQueueBytes is ${maxQueueBytes}`
      : this.age > maxQueueAge ? `the oldest has waited ${Math.round(this.age)} ms, and maxQueueAge is ${maxQueueAge}`
      : undefined;
    if (!full) return undefined;
    return new PoolError("saturated", `The pool ${name} is saturated: ${full}.`, { pool: name, remedy: "Send less at a time, or give the pool more workers or a longer queue." });
  }

  push(call: Call): void {
    this.#calls.push(call);
    this.#bytes += call.size;
  }
  /** A repeat has waited already. */
  unshift(call: Call): void {
    this.#calls.unshift(call);
    this.#bytes += call.size;
  }
  /** The first that `take` accepts; the others keep their places. */
  takeFirst(accepts: (call: Call) => boolean): Call | undefined {
    const index = this.#calls.findIndex(accepts);
    if (index < 0) return undefined;
    const [call] = this.#calls.splice(index, 1);
    this.#bytes -= call!.size;
    return call;
  }
  remove(call: Call): boolean {
    const index = this.#calls.indexOf(call);
    if (index < 0) return false;
    this.#calls.splice(index, 1);
    this.#bytes -= call.size;
    return true;
  }
  some(test: (call: Call) => boolean): boolean {
    return this.#calls.some(test);
  }
  drain(): Call[] {
    const calls = this.#calls;
    this.#calls = [];
    this.#bytes = 0;
    return calls;
  }
}

/**
 * The calls a worker has, by their number on the wire: its low half is a place here, its high half changes with every
 * call of that place, so that a late frame of one call cannot be taken for another's.
 *
 * A Map would do the same, and cost more than all the rest of a small call: each time it has grown full of deleted
 * entries it leaves a table behind that points to the next one, and once the first of them has grown old, all that was
 * ever in them lives until the next full collection (60 ms of scavenging for 5,000 calls).
 */
import type { Call } from "./call.ts";

const PLACES = 0x1_0000;

export class CallTable {
  readonly #places: (Call | undefined)[] = [];
  readonly #free: number[] = [];
  #round = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Gives the call its number. A worker has no more calls than there are places (`concurrency` says so). */
  add(call: Call): void {
    const place = this.#free.pop() ?? this.#places.length;
    this.#places[place] = call;
    this.#round = (this.#round % (PLACES - 1)) + 1;
    this.#size++;
    call.number = this.#round * PLACES + place;
  }

  get(number: number): Call | undefined {
    const call = this.#places[number % PLACES];
    return call?.number === number ? call : undefined;
  }

  delete({ number }: Call): void {
    if (!this.get(number)) return;
    this.#places[number % PLACES] = undefined;
    this.#free.push(number % PLACES);
    this.#size--;
  }

  all(): Call[] {
    return this.#places.filter((call) => call !== undefined);
  }
}

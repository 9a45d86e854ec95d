/**
 * The calls sent to one worker before their turn, in the order it has them.
 *
 *   ahead ──▶ running        the call before has ended
 *     ├─────▶ called back ──▶ queued     the call before takes long; the worker answers that this one has not begun
 *     └─────▶ ended          cancelled, and the worker answers that it has not begun
 *
 * Called back they return together, so that the queue gets them in their order; and the last is asked for first, because
 * the worker may begin the next one at any moment, and what it keeps must be the first of them.
 */
import type { Call } from "./call.ts";

export class Ahead {
  readonly #waiting: Call[] = [];
  readonly #calledBack = new Set<Call>();
  #back: Call[] = [];
  #held = false;

  /** In the worker. */
  get size(): number {
    return this.#waiting.length;
  }
  /** Given back, and waiting for others that may be. */
  get returning(): number {
    return this.#back.length;
  }
  /** All whose turn has not come. */
  get calls(): readonly Call[] {
    return [...this.#waiting, ...this.#back];
  }

  /** Not behind a call that takes long, and not behind one that may come back and would then be overtaken. */
  get takesMore(): boolean {
    return !this.#held && this.#calledBack.size === 0;
  }

  add(call: Call): void {
    this.#waiting.push(call);
  }

  /** The next one's turn has come. */
  next(): Call | undefined {
    this.#held = false;
    return this.#waiting.shift();
  }

  /** The running call takes long. Those to ask the worker for, the last one first. */
  callBack(): Call[] {
    this.#held = true;
    const calls = this.#waiting.filter((call) => !call.settled && !this.#calledBack.has(call));
    for (const call of calls) this.#calledBack.add(call);
    return calls.reverse();
  }

  /** The worker has answered: `givenBack`, or by a result. */
  answered(call: Call, givenBack: boolean): void {
    if (call.state === "ahead") this.#waiting.splice(this.#waiting.indexOf(call), 1);
    if (this.#calledBack.size > 0) this.#calledBack.delete(call);
    if (givenBack) this.#back.unshift(call);
  }

  /** What has been given back, once nothing more is awaited. */
  takeBack(): readonly Call[] {
    if (this.#back.length === 0 || this.#calledBack.size > 0) return [];
    const calls = this.#back;
    this.#back = [];
    return calls;
  }
}

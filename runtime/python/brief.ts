/**
 * Which calls may be sent to a busy worker before the one it runs has ended. One after the other, a small call spends
 * most of its time on the way there and back; behind a long one it would only wait in the wrong place. So nothing is
 * sent behind a call that is not known to be brief, and all a worker holds is expected to end within a millisecond.
 */
import type { Call } from "./call.ts";

/** Calls that wait in one worker, at most. */
export const MOST_AHEAD = 64;
/** What all calls of a worker may be expected to take together; one that takes longer alone is not brief. */
export const BUDGET_MS = 1;
/** A call that has run for this long does not end soon: what waits behind it is called back. */
export const LONG_MS = 2;
/** Longer arguments cost more than the way. */
const SMALL = 4096;

/** It asks nothing of the host, streams nothing, and does not care which worker it gets. */
export function mayGoAhead({ request, alone, depth, size }: Call): boolean {
  return (
    request.exclusive &&
    !request.stream &&
    !request.callback &&
    !request.worker &&
    !request.onAssign &&
    !alone &&
    depth === 0 &&
    size <= SMALL
  );
}

/** How long operations take, by their last few calls. */
export class Durations {
  readonly #means = new Map<string, number>();

  note(op: string, ms: number): void {
    const mean = this.#means.get(op);
    this.#means.set(op, mean === undefined ? ms : mean + (ms - mean) / 4);
  }

  /** Milliseconds a brief call is expected to take; Infinity for any other. */
  expected(call: Call): number {
    const mean = this.#means.get(call.request.op);
    return mean !== undefined && mean < BUDGET_MS && mayGoAhead(call) ? mean : Infinity;
  }
}

/**
 * How many of the calls a dead worker had not answered can have begun. It runs them in order and says each result before
 * it begins the next; only results of idempotent calls leave together, after the next of their kind has begun.
 */
export function begunOf(unanswered: readonly Call[]): number {
  let begun = Math.min(1, unanswered.length);
  while (begun > 0 && begun < unanswered.length && unanswered[begun - 1]!.request.idempotent && unanswered[begun]!.request.idempotent)
    begun++;
  return begun;
}

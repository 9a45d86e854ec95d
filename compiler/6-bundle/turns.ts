/**
 * Work in slices, in the order it was asked for. Requests come many at once, and what is answered leaves this process only
 * when the event loop turns: without a turn in between, whoever waits for the answers, on another core, gets the first with the last.
 */
import { setImmediate } from "node:timers/promises";

/** Longer than a turn costs by far, and short enough that the other side never waits for work. */
const SLICE_MS = 2;

export function openTurns(): <T>(work: () => T) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  let started = performance.now();
  const slice = async () => {
    if (performance.now() - started < SLICE_MS) return;
    await setImmediate();
    started = performance.now();
  };
  return (work) => {
    const done = last.then(slice).then(work);
    last = done.catch(() => {});
    return done;
  };
}

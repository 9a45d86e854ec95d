/** How a promise ended, and when; and waiting that never outlasts its bound. */
import { DspexError } from "../../../runtime/errors.ts";

export interface Settled<T> {
  readonly ms: number;
  readonly value?: T;
  readonly error?: unknown;
  /** `ok`, a typed error's code, or the bare error's name, which no call should show. */
  readonly outcome: string;
}

async function settle<T>(promise: Promise<T>): Promise<Settled<T>> {
  const start = performance.now();
  try {
    const value = await promise;
    return { ms: performance.now() - start, value, outcome: "ok" };
  } catch (error) {
    return { ms: performance.now() - start, error, outcome: outcomeOf(error) };
  }
}

export function outcomeOf(error: unknown): string {
  if (error instanceof DspexError) return error.code;
  return error instanceof Error ? `untyped ${error.name}: ${error.message}` : `untyped ${String(error)}`;
}

/** `never` where the promise had not ended in time. */
export async function settleWithin<T>(ms: number, promise: Promise<T>): Promise<Settled<T>> {
  const { promise: late, resolve } = Promise.withResolvers<Settled<T>>();
  const timer = setTimeout(() => resolve({ ms, outcome: "never" }), ms);
  const settled = await Promise.race([settle(promise), late]);
  clearTimeout(timer);
  return settled;
}

/** Milliseconds until the condition held, or undefined where it did not in time. */
export async function until(ms: number, condition: () => boolean | Promise<boolean>, every = 2): Promise<number | undefined> {
  const start = performance.now();
  while (!(await condition())) {
    if (performance.now() - start > ms) return undefined;
    await sleep(every);
  }
  return performance.now() - start;
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export function tally(outcomes: Iterable<{ readonly outcome: string }>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { outcome } of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

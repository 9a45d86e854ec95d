/**
 * Again, after transient failures only: exponential back-off with jitter, Retry-After where the endpoint says it, and
 * never past the deadline. A wait that would outlast the deadline is not begun, so the failure is told while its cause is
 * still the news; a Retry-After of more than a minute is the caller's to decide about.
 */
import { LMError } from "../lm/lm-error.ts";

export interface RetryLimits {
  readonly retries: number;
  /** Milliseconds since the epoch, or Infinity. */
  readonly deadline: number;
  readonly signal: AbortSignal | undefined;
}

const FIRST_WAIT = 250;
const LONGEST_BACKOFF = 8_000;
const LONGEST_RETRY_AFTER = 60_000;

export async function withRetries<T>(attempt: (number: number) => Promise<T>, limits: RetryLimits): Promise<T> {
  for (let number = 1; ; number++) {
    try {
      return await attempt(number);
    } catch (error) {
      if (limits.signal?.aborted) throw limits.signal.reason;
      if (!(error instanceof LMError)) throw error;
      (error as { attempts: number }).attempts = number;
      if (!error.transient || number > limits.retries) throw error;
      const wait = error.retryAfter ?? backoff(number);
      if (wait > LONGEST_RETRY_AFTER || Date.now() + wait >= limits.deadline) throw error;
      await sleep(wait, limits.signal);
    }
  }
}

/** Half of the wait is fixed and half is chance: callers that failed together do not come back together. */
function backoff(number: number): number {
  const wait = Math.min(FIRST_WAIT * 2 ** (number - 1), LONGEST_BACKOFF);
  return wait / 2 + (Math.random() * wait) / 2;
}

/** Ends early, with the signal's reason, when the signal aborts. */
export function sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const aborted = () => {
      clearTimeout(timer);
      reject(signal!.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", aborted);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", aborted, { once: true });
  });
}

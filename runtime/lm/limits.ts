/**
 * An endpoint's limits, kept on this side: so many requests under way, so many begun in any 60 seconds. Waiting is first
 * come, first served, and ends with the signal.
 */
export interface Limiter {
  /** Runs `work` when there is room. */
  run<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T>;
}

export function limiter(concurrency: number | undefined, ratePerMinute: number | undefined): Limiter {
  const room = concurrency === undefined ? undefined : semaphore(concurrency);
  const turn = ratePerMinute === undefined ? undefined : perMinute(ratePerMinute);
  return {
    async run(work, signal) {
      await room?.enter(signal);
      try {
        await turn?.(signal);
        return await work();
      } finally {
        room?.leave();
      }
    },
  };
}

interface Semaphore {
  enter(signal: AbortSignal | undefined): Promise<void> | undefined;
  leave(): void;
}

function semaphore(size: number): Semaphore {
  let free = size;
  const waiting = new Waiting();
  return {
    enter(signal) {
      if (signal?.aborted) return Promise.reject(signal.reason);
      if (free === 0) return waiting.join(signal);
      free--;
      return undefined;
    },
    leave() {
      if (!waiting.admit()) free++;
    },
  };
}

/** Callers in their order; one whose signal aborts leaves. */
class Waiting {
  readonly #line = new Set<() => void>();

  get size(): number {
    return this.#line.size;
  }

  join(signal: AbortSignal | undefined, left?: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const admitted = () => {
        signal?.removeEventListener("abort", aborted);
        resolve();
      };
      const aborted = () => {
        this.#line.delete(admitted);
        left?.();
        reject(signal!.reason);
      };
      this.#line.add(admitted);
      signal?.addEventListener("abort", aborted, { once: true });
    });
  }

  /** Lets the first in; false where nobody waits. */
  admit(): boolean {
    const first = this.#line.values().next().value;
    if (!first) return false;
    this.#line.delete(first);
    first();
    return true;
  }
}

const MINUTE = 60_000;

/**
 * A sliding window, not a bucket: at no moment do more than `rate` starts lie within the last 60 seconds. Only starts
 * count: who leaves while waiting gives the place to the next.
 */
function perMinute(rate: number): (signal: AbortSignal | undefined) => Promise<void> | undefined {
  const starts: number[] = new Array(rate).fill(Number.NEGATIVE_INFINITY);
  let at = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const waiting = new Waiting();

  const wait = (): number => starts[at]! + MINUTE - performance.now();
  const start = (): void => {
    starts[at] = performance.now();
    at = (at + 1) % rate;
  };
  /** Lets in whoever may begin, and comes back when the next may. */
  const admit = (): void => {
    timer = undefined;
    while (waiting.size > 0) {
      const left = wait();
      if (left > 0) {
        timer = setTimeout(admit, left);
        return;
      }
      start();
      waiting.admit();
    }
  };

  return (signal) => {
    if (waiting.size === 0 && wait() <= 0) {
      start();
      return undefined;
    }
    const turn = waiting.join(signal, () => {
      if (waiting.size > 0) return;
      clearTimeout(timer);
      timer = undefined;
    });
    if (waiting.size === 1) timer ??= setTimeout(admit, Math.max(0, wait()));
    return turn;
  };
}

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
  const waiting = new Set<() => void>();
  return {
    enter(signal) {
      if (signal?.aborted) return Promise.reject(signal.reason);
      if (free > 0) {
        free--;
        return undefined;
      }
      return new Promise((resolve, reject) => {
        const admitted = () => {
          signal?.removeEventListener("abort", aborted);
          resolve();
        };
        const aborted = () => {
          waiting.delete(admitted);
          reject(signal!.reason);
        };
        waiting.add(admitted);
        signal?.addEventListener("abort", aborted, { once: true });
      });
    },
    leave() {
      const next = waiting.values().next().value;
      if (!next) free++;
      else {
        waiting.delete(next);
        next();
      }
    },
  };
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
  const waiting = new Set<() => void>();

  const wait = (): number => starts[at]! + MINUTE - performance.now();
  const start = (): void => {
    starts[at] = performance.now();
    at = (at + 1) % rate;
  };
  /** Lets in whoever may begin, and comes back when the next may. */
  const admit = (): void => {
    timer = undefined;
    for (const admitted of waiting) {
      const left = wait();
      if (left > 0) {
        timer = setTimeout(admit, left);
        return;
      }
      waiting.delete(admitted);
      start();
      admitted();
    }
  };

  return (signal) => {
    if (waiting.size === 0 && wait() <= 0) {
      start();
      return undefined;
    }
    return new Promise((resolve, reject) => {
      const admitted = () => {
        signal?.removeEventListener("abort", aborted);
        resolve();
      };
      const aborted = () => {
        waiting.delete(admitted);
        if (waiting.size === 0) clearTimeout(timer);
        reject(signal!.reason);
      };
      if (signal?.aborted) return reject(signal.reason);
      waiting.add(admitted);
      signal?.addEventListener("abort", aborted, { once: true });
      if (waiting.size === 1) timer = setTimeout(admit, Math.max(0, wait()));
    });
  };
}

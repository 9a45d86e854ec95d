/**
 * The store of `cache: {}` when it names none: the last 1,000 results of this process. A Map remembers the order of
 * insertion, which is all an LRU of entries needs; lru-cache is 5.9 kB gzip beside a core of 8, and it would be the
 * core's only dependency.
 */
import type { CacheStore } from "../options.ts";

interface Entry {
  readonly value: unknown;
  /** Milliseconds of `performance.now()`: no clock change brings an entry back to life. */
  readonly expires: number;
}

export function memoryStore(capacity = 1_000): CacheStore & { readonly size: number } {
  const entries = new Map<string, Entry>();
  let latest: string | undefined;
  return {
    get size() {
      return entries.size;
    },
    get(key) {
      const found = entries.get(key);
      if (!found) return undefined;
      if (found.expires <= performance.now()) {
        entries.delete(key);
        return undefined;
      }
      // The entry used last stands last already.
      if (key !== latest) {
        entries.delete(key);
        entries.set(key, found);
        latest = key;
      }
      return found.value;
    },
    set(key, value, ttl) {
      entries.delete(key);
      entries.set(key, { value, expires: ttl === undefined ? Number.POSITIVE_INFINITY : performance.now() + ttl });
      latest = key;
      if (entries.size > capacity) entries.delete(entries.keys().next().value!);
    },
    delete(key) {
      entries.delete(key);
    },
  };
}

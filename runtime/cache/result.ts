/**
 * Results by their content, with a time to live. A store that fails is a cache that is empty: the call goes on, and
 * what a store of the user's gives back is validated as a model's answer is.
 */
import type { Opening } from "../call/opening.ts";
import type { Definition } from "../definition.ts";
import { milliseconds } from "../duration.ts";
import type { LM } from "../lm/lm.ts";
import type { Prediction } from "../module-types.ts";
import type { CacheOptions, CacheStore } from "../options.ts";
import { aboutOf } from "../prediction.ts";
import type { Route } from "../router/engine.ts";
import { codeOf } from "../signature.ts";
import { cacheHit, cacheMiss } from "../telemetry/events.ts";
import { hashKey, shortKey } from "./key.ts";
import { memoryStore } from "./memory.ts";

export interface CachedResult {
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly completions?: readonly Readonly<Record<string, unknown>>[];
  readonly route: Route;
}

export interface CacheEntry {
  readonly hit: CachedResult | undefined;
  store(prediction: Prediction): Promise<void>;
}

const memory: CacheStore = /* @__PURE__ */ memoryStore();

/** In memory at once; in a store of the user's when it answers. */
export function lookUp(options: CacheOptions, opening: Opening, lm: LM): CacheEntry | Promise<CacheEntry> {
  if (options.store) return lookUpIn(options.store, options, opening, lm);
  const key = shortKey(opening, lm);
  const found = memory.get(key) as CachedResult | undefined;
  tell(found, () => hashKey(opening, lm));
  return {
    hit: found && copied(found),
    store: async (prediction) => void memory.set(key, copied(resultOf(prediction)), lifetime(options)),
  };
}

function lifetime({ ttl }: CacheOptions): number | undefined {
  return ttl === undefined ? undefined : milliseconds(ttl);
}

async function lookUpIn(store: CacheStore, options: CacheOptions, opening: Opening, lm: LM): Promise<CacheEntry> {
  const { definition } = opening;
  const key = await hashKey(opening, lm);
  const hit = await read(store, key, definition);
  tell(hit, async () => key);
  return {
    hit,
    async store(prediction) {
      try {
        await store.set(key, encoded(resultOf(prediction), definition), lifetime(options));
      } catch {
        // The answer is there; that it could not be kept is the store's affair.
      }
    },
  };
}

/** Listeners hear the content's hash, whichever store it is: the same key says the same call. */
function tell(found: unknown, key: () => Promise<string>): void {
  const heard = found ? cacheHit : cacheMiss;
  if (heard.hasSubscribers) key().then((hash) => heard.publish({ cache: "result", key: hash }));
}

function resultOf(prediction: Prediction): CachedResult {
  const { route, completions } = aboutOf(prediction);
  return { outputs: { ...prediction }, route, ...(completions && { completions }) };
}

async function read(store: CacheStore, key: string, { outputs }: Definition): Promise<CachedResult | undefined> {
  try {
    const found = (await store.get(key)) as CachedResult | undefined;
    if (typeof found?.outputs !== "object") return undefined;
    const { decode, validateOutputs } = codeOf(outputs);
    const checked = validateOutputs(decode ? decode({ ...found.outputs }, "outputs") : found.outputs);
    return checked.ok ? { ...found, outputs: { ...found.outputs, ...checked.value } } : undefined;
  } catch {
    return undefined;
  }
}

function encoded(result: CachedResult, { outputs }: Definition): CachedResult {
  const { encode } = codeOf(outputs);
  return encode ? { ...result, outputs: encode({ ...result.outputs }, "outputs") } : result;
}

/** One caller's change to a list must not be the next caller's answer. */
function copied<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(copied) as T;
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const item = copied((value as Record<string, unknown>)[key]);
    if (key === "__proto__") Object.defineProperty(copy, key, { value: item, enumerable: true, configurable: true, writable: true });
    else copy[key] = item;
  }
  return copy as T;
}

/** The pools there are, by name: the three standard ones, made at their first use, and the user's own. */
import { ConfigurationError, PoolError } from "../errors.ts";
import { WorkerPool } from "./pool.ts";
import { type PoolOptions, resolveProfile, STANDARD } from "./profile.ts";

/** What `configure({ pools })` of one runtime says: names and shapes. The object itself tells runtimes apart. */
export type Shapes = Readonly<Record<string, PoolOptions>>;

/** The user's own pools, and those of runtimes that shape none, stand under `undefined`. */
const pools = new Map<Shapes | undefined, Map<string, WorkerPool>>();

export function makePool(name: string, options: PoolOptions = {}, shapes?: Shapes): WorkerPool {
  const own = pools.get(shapes) ?? new Map<string, WorkerPool>();
  pools.set(shapes, own);
  if (own.get(name)?.open)
    throw new ConfigurationError("config_invalid", `There is a pool ${name} already.`, {
      configKey: `pools.${name}`,
      expected: "another name, or the first pool closed",
      actual: name,
    });
  const pool = new WorkerPool(resolveProfile(name, { ...shapes?.[name], ...options }));
  own.set(name, pool);
  return pool;
}

export interface Need {
  readonly long?: boolean;
  readonly gpu?: boolean;
  readonly exclusive?: boolean;
  readonly memory?: number;
}

/** The pool named, or the standard one that suits the need. */
export function poolFor(name: string | undefined, need: Need = {}, shapes?: Shapes): WorkerPool {
  const wanted = name ?? standardFor(need);
  // A runtime that does not shape this pool shares it with all that do not.
  const key = shapes?.[wanted] ? shapes : undefined;
  const pool = pools.get(key)?.get(wanted);
  if (pool?.open) return pool;
  // A pool of the user's own is made again by nobody but them: what was said of it is not known here.
  if (pool && !key && !(wanted in STANDARD)) throw new PoolError("pool_closed", `The pool ${wanted} is closed.`, { pool: wanted });
  if (!pool && !(wanted in STANDARD) && !key) {
    const known = [...Object.keys(STANDARD), ...Object.keys(shapes ?? {}), ...(pools.get(undefined)?.keys() ?? [])];
    throw new ConfigurationError("config_invalid", `There is no pool ${wanted}.`, {
      configKey: "pool",
      expected: [...new Set(known)].join(", "),
      actual: wanted,
      remedy: `Make it with createPool("${wanted}", {...}), or describe it in configure({ pools }).`,
    });
  }
  return makePool(wanted, {}, key);
}

function standardFor({ gpu, long, exclusive, memory = 0 }: Need): string {
  if (gpu) return "neural";
  return long || exclusive || memory > resolveProfile("general").memory ? "optimizer" : "general";
}

export function openPools(): WorkerPool[] {
  return [...pools.values()].flatMap((own) => [...own.values()]).filter((pool) => pool.open);
}

/** Those of one runtime, or all. */
export async function closePools(shapes?: Shapes): Promise<void> {
  const closing = shapes ? [...(pools.get(shapes)?.values() ?? [])] : [...pools.values()].flatMap((own) => [...own.values()]);
  await Promise.all(closing.map((pool) => pool.close()));
}

/** The pools there are, by name: the three standard ones, made at their first use, and the user's own. */
import { ConfigurationError } from "../errors.ts";
import { WorkerPool } from "./pool.ts";
import { type PoolOptions, resolveProfile, STANDARD } from "./profile.ts";

const pools = new Map<string, WorkerPool>();
const shapes = new Map<string, PoolOptions>();

/** What `configure({ pools })` says; a pool that runs already keeps its shape. */
export function shapePools(given: Readonly<Record<string, PoolOptions>>): void {
  for (const [name, options] of Object.entries(given)) {
    resolveProfile(name, options);
    shapes.set(name, options);
  }
}

export function makePool(name: string, options: PoolOptions = {}): WorkerPool {
  const profile = resolveProfile(name, { ...shapes.get(name), ...options });
  const old = pools.get(name);
  if (old?.open)
    throw new ConfigurationError("config_invalid", `There is a pool ${name} already.`, {
      configKey: `pools.${name}`,
      expected: "another name, or the first pool closed",
      actual: name,
    });
  const pool = new WorkerPool(profile);
  pools.set(name, pool);
  return pool;
}

export interface Need {
  readonly long?: boolean;
  readonly gpu?: boolean;
  readonly exclusive?: boolean;
  readonly memory?: number;
}

/** The pool named, or the standard one that suits the need. */
export function poolFor(name: string | undefined, need: Need = {}): WorkerPool {
  const wanted =
    name ?? (need.gpu ? "neural" : need.long || (need.memory ?? 0) > resolveProfile("general").memory ? "optimizer" : "general");
  const pool = pools.get(wanted);
  if (pool?.open) return pool;
  if (!pool && !(wanted in STANDARD) && !shapes.has(wanted)) {
    throw new ConfigurationError("config_invalid", `There is no pool ${wanted}.`, {
      configKey: "pool",
      expected: [...new Set([...Object.keys(STANDARD), ...shapes.keys(), ...pools.keys()])].join(", "),
      actual: wanted,
      remedy: `Make it with createPool("${wanted}", {...}), or describe it in configure({ pools }).`,
    });
  }
  return makePool(wanted);
}

export function openPools(): WorkerPool[] {
  return [...pools.values()].filter((pool) => pool.open);
}

export async function closePools(): Promise<void> {
  await Promise.all([...pools.values()].map((pool) => pool.close()));
}

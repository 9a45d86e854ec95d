/** A pool as it is at this moment. */
import type { Dispatch } from "./dispatch.ts";
import { privateMemory } from "./proc.ts";
import type { Profile } from "./profile.ts";
import type { PoolStats } from "./surface.ts";
import type { Workforce } from "./workforce.ts";

/** What a sandbox can have reached, the least first. */
const LEVELS: readonly string[] = ["off", "none", "partial", "full"];

export function statsOf(profile: Profile, workforce: Workforce, { queue, ahead }: Dispatch): PoolStats {
  const workers = [...workforce.workers];
  const levels = new Set(workers.map((worker) => worker.sandbox.level));
  const least = LEVELS.find((level) => levels.has(level)) ?? [...levels][0];
  return {
    name: profile.name,
    size: workers.length,
    limit: profile.size,
    pids: workers.map((worker) => worker.pid),
    busy: workers.reduce((sum, worker) => sum + worker.busy, 0),
    queue: queue.length + ahead,
    restarts: workforce.losses,
    sandbox: least ?? (profile.sandbox === "off" ? "off" : "not started"),
    memory: workers.reduce((sum, worker) => sum + (privateMemory(worker.pid) ?? 0), 0),
    start: workforce.crew.fallback ?? profile.start,
  };
}

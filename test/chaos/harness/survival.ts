/** How long Python outlives its host, seen from outside. */
import { readFileSync } from "node:fs";
import type { Host } from "./context.ts";
import { isAlive, marked } from "./proc.ts";
import { sleep } from "./settle.ts";

/** Milliseconds within which all of it must be gone. */
export const BOUND = 250;

export interface Survival {
  /** Milliseconds from the signal to the end of the first look that found nothing. */
  readonly ms: number;
  readonly pythons: number;
  /**
   * Nothing can be said of it, and the kill is to be repeated: it was last seen alive before the bound and found gone after
   * it, or the processors were so contended that a process with a SIGKILL pending had to wait for one to end on.
   */
  readonly undecided: boolean;
}

/** The part of the time in which somebody waited for a processor, beyond which the machine's delay is not the bridge's. */
const CONTENDED = 0.5;
const GIVEN_UP = 5000;

export async function killHost(host: Host): Promise<Survival> {
  let known = marked(host.folder);
  const pythons = known.length;
  const waited = processorWait();
  const start = performance.now();
  let alive = 0;
  let now = start;
  host.kill();
  for (;;) {
    // Those that are known are looked at; only when they are gone is all of /proc read once more, which takes its time.
    if (!known.some(isAlive)) known = marked(host.folder);
    now = performance.now();
    if (known.length === 0 || now - start > GIVEN_UP) break;
    alive = now - start;
    await sleep(1);
  }
  const ms = now - start;
  const contended = (processorWait() - waited) / 1000 / ms > CONTENDED;
  await host.exited;
  return { ms, pythons, undecided: ms >= BOUND && ms < GIVEN_UP && (alive < BOUND || contended) };
}

/** Microseconds since boot in which a process that could run had no processor; 0 where the kernel does not say. */
function processorWait(): number {
  try {
    return Number(/^some .*total=(\d+)/m.exec(readFileSync("/proc/pressure/cpu", "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** How long Python outlives its host, seen from outside. */
import type { Host } from "./context.ts";
import { marked } from "./proc.ts";
import { sleep } from "./settle.ts";

export interface Survival {
  /** Milliseconds from the signal to the first look that found nothing. */
  readonly ms: number;
  readonly pythons: number;
  /** The watcher itself got no processor for long: what it saw late may have ended early, so the kill is to be repeated. */
  readonly disturbed: boolean;
}

const STALL = 60;

export async function killHost(host: Host): Promise<Survival> {
  const pythons = marked(host.folder).length;
  const start = performance.now();
  let last = start;
  let stall = 0;
  host.kill();
  for (;;) {
    const left = marked(host.folder).length;
    const now = performance.now();
    stall = Math.max(stall, now - last);
    last = now;
    if (left === 0 || now - start > 5000) break;
    await sleep(1);
  }
  await host.exited;
  return { ms: last - start, pythons, disturbed: stall > STALL };
}

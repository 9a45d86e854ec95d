/**
 * A pool's folder: 0700, named for its owner's process, removed with the pool or at exit. A host that was killed
 * leaves its folder behind; the next one to come removes it.
 */
import { lstatSync, readdirSync, rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { atExit } from "../exit.ts";
import { pidNamespace, startTime } from "../proc.ts";
import { noDoor } from "./bound.ts";

/** A socket's path holds 107 bytes at most. */
const LONGEST_BASE = 60;

export async function privateFolder(base: string = shortTmp()): Promise<{ folder: string; remove(): Promise<void> }> {
  sweep(base);
  const name = `dspex-${process.pid}-${startTime(process.pid) ?? 0}-${pidNamespace() ?? 0}-`;
  const folder = await mkdtemp(join(base, name)).catch((error: NodeJS.ErrnoException) => {
    throw noDoor(`a private folder in ${base}`, error);
  });
  const forget = atExit(() => rmSync(folder, { recursive: true, force: true }));
  return {
    folder,
    async remove() {
      forget();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function shortTmp(): string {
  return tmpdir().length > LONGEST_BASE ? "/tmp" : tmpdir();
}

/**
 * Only folders of this user's whose process is gone, or whose number another process has by now. Containers that share
 * a folder number their processes each for itself: whether one of another's lives cannot be seen from here.
 */
function sweep(base: string): void {
  const here = pidNamespace();
  let names: string[];
  try {
    names = readdirSync(base);
  } catch {
    // Not to be listed is no reason not to be used.
    return;
  }
  for (const name of names) {
    const match = /^dspex-(\d+)-(\d+)-(\w+)-\w+$/.exec(name);
    if (!match || match[3] !== here) continue;
    const owner = startTime(Number(match[1]));
    if (match[2] === "0" || owner === Number(match[2])) continue;
    try {
      if (lstatSync(join(base, name)).uid === process.getuid?.()) rmSync(join(base, name), { recursive: true, force: true });
    } catch {
      // Another host is sweeping too.
    }
  }
}

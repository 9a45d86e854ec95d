/** Where the cache lies. */
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { compilerFingerprint } from "./fingerprint.ts";
import { openStore, type Store } from "./store.ts";

/** The nearest `node_modules/.cache/dspex`, where build tools keep such things; `.dspex/cache` where there is no node_modules. */
function cacheFolder(cwd: string): string {
  for (let at = resolve(cwd); ; at = dirname(at)) {
    if (existsSync(join(at, "node_modules"))) return join(at, "node_modules", ".cache", "dspex");
    if (existsSync(join(at, ".git")) || dirname(at) === at) return join(resolve(cwd), ".dspex", "cache");
  }
}

/** The store called `name`; `undefined` where the installation allows none. */
export function openCache(cwd: string, name: string): Store | undefined {
  const fingerprint = compilerFingerprint();
  return fingerprint === undefined ? undefined : openStore(join(cacheFolder(cwd), `${name}.cache`), fingerprint);
}

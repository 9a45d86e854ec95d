/** Where a project's configuration is. */
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { isRecord, parseJson } from "./json.ts";

const NAMES = ["ts", "mts", "js", "mjs", "json"].map((extension) => `dspex.config.${extension}`);

/** The nearest `dspex.config.*`, or a package.json with a `dspex` key, upwards to the repository's root. */
export function findConfig(cwd: string): string | undefined {
  for (let at = resolve(cwd); ; at = dirname(at)) {
    for (const name of NAMES) if (existsSync(join(at, name))) return join(at, name);
    const manifest = join(at, "package.json");
    if (existsSync(manifest) && isRecord(parseJson(manifest)) && "dspex" in (parseJson(manifest) as object)) return manifest;
    if (existsSync(join(at, ".git")) || dirname(at) === at) return undefined;
  }
}

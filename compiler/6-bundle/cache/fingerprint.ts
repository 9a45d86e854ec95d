/** Which compiler this is: its version, its contract with the runtime, and its very files, because a checkout changes without either. */
import { hash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { ABI } from "../../4-ir/lower.ts";

let known: string | undefined | null = null;

/** `undefined` where the compiler cannot find itself, bundled into another program: nothing is kept then. */
export function compilerFingerprint(): string | undefined {
  if (known === null) known = take(fileURLToPath(import.meta.url));
  return known;
}

function take(self: string): string | undefined {
  try {
    for (let root = dirname(self); dirname(root) !== root; root = dirname(root)) {
      const manifest = manifestOf(root);
      if (manifest?.name !== "dspex") continue;
      // `compiler` in a checkout, `dist` in a package, whose chunks carry their content's hash in their names.
      const folder = join(root, relative(root, self).split(sep)[0]!);
      const stamps = sources(folder).map((path) => {
        const { size, mtimeMs } = statSync(path);
        return `${relative(folder, path)} ${size} ${mtimeMs}`;
      });
      return hash("sha256", [manifest.version, ABI, process.version, ...stamps.sort()].join("\n")).slice(0, 32);
    }
  } catch {
    // A loader that reads from an archive, say.
  }
  return undefined;
}

function manifestOf(folder: string): { name?: string; version?: string } | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { name?: string; version?: string };
  } catch {
    return undefined;
  }
}

/** The code itself: declarations, and the second copy of the runtime for bundlers, compile nothing. */
function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ["types", "modules", "node_modules"].includes(entry.name) ? [] : sources(path);
    return /(?<!\.d)\.[jt]s$/.test(entry.name) ? [path] : [];
  });
}

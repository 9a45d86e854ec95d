/**
 * Makes package-lock.json from package.json, whole. A registry that mirrors only some platforms' binaries leaves the
 * others out of the lock, and `npm ci` then refuses it everywhere. Each such optional package is added here with what
 * its dependent pins: the version and, from the name, the platform. Its integrity is unknown here and stays absent.
 *
 *   node .ci/lock.ts
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

interface Entry {
  version?: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}

const SYSTEMS = ["aix", "android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "win32"];
const PROCESSORS = ["arm64", "arm", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "wasm32", "x64"];

/** `@rollup/rollup-linux-x64-musl` is for linux, x64, musl. */
function platformOf(name: string): Pick<Entry, "os" | "cpu" | "libc"> {
  const words = name.split("/").pop()!.split("-");
  const os = SYSTEMS.filter((system) => words.includes(system));
  const cpu = PROCESSORS.filter((processor) => words.includes(processor));
  const libc = words.some((word) => word.startsWith("musl")) ? ["musl"] : words.some((word) => word.startsWith("gnu")) ? ["glibc"] : [];
  return { ...(cpu.length > 0 && { cpu }), ...(libc.length > 0 && { libc }), ...(os.length > 0 && { os }) };
}

function complete(packages: Record<string, Entry>): Record<string, Entry> {
  const all: Record<string, Entry> = { ...packages };
  for (const [place, entry] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const [nested, shared] = [`${place}/node_modules/${name}`, `node_modules/${name}`];
      if (!/^\d/.test(version) || nested in all || all[shared]?.version === version) continue;
      // Two versions of one bundler: the second's binaries stand below it, as npm would put them.
      all[shared in all ? nested : shared] = { version, ...(entry.dev && { dev: true }), optional: true, ...platformOf(name) };
    }
  }
  return Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const root = fileURLToPath(new URL("..", import.meta.url));
const place = mkdtempSync(join(tmpdir(), "dspex-lock-"));
try {
  for (const file of ["package.json", ".npmrc"]) copyFileSync(join(root, file), join(place, file));
  const made = spawnSync("npm", ["install", "--package-lock-only", "--ignore-scripts"], {
    cwd: place,
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (made.status !== 0) throw new Error(`npm ended with ${made.status}`);
  const lock = JSON.parse(readFileSync(join(place, "package-lock.json"), "utf8")) as { packages: Record<string, Entry> };
  lock.packages = complete(lock.packages);
  writeFileSync(join(root, "package-lock.json"), `${JSON.stringify(lock, null, 2)}\n`);
} finally {
  rmSync(place, { recursive: true, force: true });
}

/**
 * Where things lie. The worker's sources and the lock files travel in the package; the environment belongs to the
 * user's project: `.dspex/python`, which `.gitignore` names.
 */
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { ConfigurationError } from "../../errors.ts";

/**
 * The package's `python` folder: lock files and `dspex_worker`. Found upwards, since sources and `dist/` differ in depth;
 * from inside a bundle by way of the package that is installed beside it, or where the program runs.
 */
export function packagePython(from: string = fileURLToPath(import.meta.url)): string {
  const found = upwards(dirname(from), "python") ?? upwards(dirname(from), INSTALLED) ?? upwards(workingDirectory(), INSTALLED);
  if (found) return found;
  throw new ConfigurationError(
    "python_missing",
    `dspex's Python files are not there: looked for ${INSTALLED} above ${from} and ${workingDirectory()}.`,
    {
      expected: `${INSTALLED}/dspex_worker`,
      remedy: 'Install dspex where the bundle runs, or leave it outside the bundle: `external: ["dspex", "dspex/*"]`.',
    },
  );
}

const INSTALLED = join("node_modules", "dspex", "python");

function upwards(from: string, name: string): string | undefined {
  const folder = nearest(from, join(name, "dspex_worker", "__main__.py"));
  return folder && join(folder, name);
}

/** The working directory, or the root where it has been removed: a process that stands nowhere may still find its Python. */
export function workingDirectory(): string {
  try {
    return process.cwd();
  } catch {
    return "/";
  }
}

/** The user's project: the nearest folder with an environment of ours, else the nearest with a package.json, else `from`. */
export function projectDir(from: string = workingDirectory()): string {
  return nearest(from, join(".dspex", "python", "pyvenv.cfg")) ?? nearest(from, "package.json") ?? resolve(from);
}

function nearest(from: string, name: string): string | undefined {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (existsSync(join(folder, name))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

/** A virtual environment's folder, interpreter and marker (what was installed, written last). */
export interface EnvironmentPlaces {
  readonly folder: string;
  readonly interpreter: string;
  readonly marker: string;
}

export function environmentPlaces(project: string): EnvironmentPlaces {
  const folder = join(project, ".dspex", "python");
  return { folder, interpreter: interpreterIn(folder), marker: join(folder, "dspex.json") };
}

export function interpreterIn(environment: string): string {
  return process.platform === "win32" ? join(environment, "Scripts", "python.exe") : join(environment, "bin", "python");
}

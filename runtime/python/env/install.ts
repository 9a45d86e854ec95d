/** The two installers. Both take the same hashed locks; neither resolves anything, since a lock is complete. */
import { join } from "node:path";
import { execa } from "execa";

export interface Installer {
  readonly name: "uv" | "pip";
  /** The command that makes an empty environment in `folder` from the interpreter `base`. */
  create(base: string, folder: string): readonly string[];
  install(interpreter: string, locks: readonly string[]): readonly string[];
  /** The package a line of output tells of: one line a package, so that progress can be counted. */
  readonly progress: RegExp;
}

const uv: Installer = {
  name: "uv",
  create: (base, folder) => ["uv", "venv", "--quiet", "--clear", "--python", base, folder],
  // Compiled now, since workers run with PYTHONDONTWRITEBYTECODE and would compile 3,000 files at every start.
  install: (interpreter, locks) => [
    "uv",
    "pip",
    "install",
    "--python",
    interpreter,
    "--no-deps",
    "--require-hashes",
    "--compile-bytecode",
    ...files(locks),
  ],
  progress: /^\s*\+ ([\w.-]+)==/,
};

const pip: Installer = {
  name: "pip",
  create: (base, folder) => [base, "-I", "-m", "venv", "--clear", folder],
  install: (interpreter, locks) => [
    ...[interpreter, "-I", "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar", "off"],
    ...["--no-deps", "--require-hashes", ...files(locks)],
  ],
  progress: /^Collecting ([\w.-]+)/,
};

function files(locks: readonly string[]): string[] {
  return locks.flatMap((lock) => ["--requirement", lock]);
}

/** uv where it is on the PATH and answers, else the pip that comes with Python. */
export async function chooseInstaller(env: Readonly<Record<string, string | undefined>> = process.env): Promise<Installer> {
  const found = await execa("uv", ["--version"], { reject: false, stdin: "ignore", timeout: 10_000, env, extendEnv: false });
  return found.exitCode === 0 ? uv : pip;
}

/** `""` is what every worker needs. */
export function lockPath(packagePython: string, extra: string): string {
  return join(packagePython, extra === "" ? "requirements.lock" : `requirements-${extra}.lock`);
}

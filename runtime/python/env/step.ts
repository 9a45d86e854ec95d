/** One command of an installation: its lines as they come, its failure as an error a user can act on. */
import { execa } from "execa";
import { CancelledError } from "../../ended.ts";
import { ConfigurationError } from "../../errors.ts";
import type { Installer } from "./install.ts";

export interface StepOptions {
  /** The Python that becomes the command. */
  readonly base: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
}

/**
 * Becomes the command, bound to this process: an installer that outlived it would write into the next one's environment,
 * since the lock ends with its holder. Linux has the signal for that; elsewhere a closed pipe ends most installers.
 */
const WITH_HOST = `
import os, sys
if sys.platform == "win32":
    import subprocess
    sys.exit(subprocess.call(sys.argv[1:]))
if sys.platform == "linux":
    import ctypes
    ctypes.CDLL(None).prctl(1, 9, 0, 0, 0)
os.execvp(sys.argv[1], sys.argv[1:])`;

/** One command; its lines go to `onLine`, its failure is an error with the last of them. */
export async function step(
  command: readonly string[],
  installer: Installer,
  options: StepOptions,
  onLine?: (line: string) => void,
): Promise<void> {
  const tail: string[] = [];
  const [file, ...args] = command;
  const child = execa(options.base, ["-I", "-c", WITH_HOST, ...command], {
    reject: false,
    stdin: "ignore",
    all: true,
    buffer: false,
    extendEnv: false,
    env: { ...options.env, PIP_USER: "0", PYTHONUTF8: "1", LITELLM_LOCAL_MODEL_COST_MAP: "True" },
    ...(options.signal ? { cancelSignal: options.signal } : {}),
  });
  for await (const line of child.iterable({ from: "all", preserveNewlines: false })) {
    tail.push(line);
    if (tail.length > 20) tail.shift();
    onLine?.(line);
  }
  const result = await child;
  if (options.signal?.aborted)
    throw new CancelledError("The Python environment was not finished: cancelled.", { reason: options.signal.reason });
  if (result.exitCode !== 0)
    throw failed(
      installer,
      `\`${file} ${args.slice(0, 4).join(" ")} ...\` ${result.exitCode === undefined ? `was ended by ${result.signal ?? result.code}` : `exited with ${result.exitCode}`}`,
      tail.join("\n"),
    );
}

/** What the installers say, and what a user can do about it. */
const CAUSES: readonly (readonly [RegExp, string])[] = [
  [/No space left|ENOSPC|Errno 28/i, "Free some disk space (the environment takes about 500 MB), then run it again."],
  [/hashes|HASH/, "A package differs from the lock: check the package index in use (PIP_INDEX_URL), then run it again."],
  [
    /Could not find a version|No matching distribution|no version of|not found in the package registry/i,
    "The package index in use does not have this version: check PIP_INDEX_URL or UV_INDEX_URL.",
  ],
  [
    /resolve|Connection|network|timed out|ssl|certificate/i,
    "Check the network and the package index settings (PIP_INDEX_URL, HTTPS_PROXY), then run it again.",
  ],
  [/ensurepip|No module named pip/i, "Install Python's venv package (on Debian: python3-venv), or uv, then run it again."],
];

export function failed(installer: Installer, what: string, tail: string): ConfigurationError {
  const remedy = CAUSES.find(([pattern]) => pattern.test(tail))?.[1] ?? "Mend that and run `npx dspexc python sync` again.";
  return new ConfigurationError(
    "python_sync_failed",
    `The Python environment could not be installed with ${installer.name}: ${what}.\n${tail}\n`,
    {
      configKey: "python",
      expected: "an environment as the lock files say",
      actual: tail,
      remedy,
    },
  );
}

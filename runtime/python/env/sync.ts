/**
 * Makes `.dspex/python` what the lock files say: once, atomically, by one process at a time.
 *
 * The marker is written last and by rename, so an environment either is whole or is not there. An extra adds
 * packages beside those in use and leaves the marker standing; anything that was interrupted is built anew
 * (the installer's own cache makes that quick). A second run reads the marker and starts no process at all.
 */
import { randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ConfigurationError } from "../../errors.ts";
import { findBasePython } from "./base.ts";
import { lockFile } from "./flock.ts";
import { chooseInstaller, lockPath } from "./install.ts";
import { lockHashes, type Marker, readMarker } from "./marker.ts";
import { type EnvironmentPlaces, environmentPlaces, packagePython, projectDir } from "./places.ts";
import { DSPY_VERSION, probePython } from "./probe.ts";
import { failed, step } from "./step.ts";

export type PythonExtra = "local" | "dev";

export interface SyncProgress {
  readonly phase: "wait" | "create" | "install" | "check" | "done";
  readonly text: string;
  /** Packages so far, and all of them. */
  readonly current?: number;
  readonly total?: number;
}

export interface SyncOptions {
  readonly projectDir?: string;
  readonly extras?: readonly PythonExtra[];
  /** The interpreter the environment is made from. Default: DSPEX_PYTHON, then the PATH. */
  readonly interpreter?: string;
  readonly onProgress?: (progress: SyncProgress) => void;
  readonly signal?: AbortSignal;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface SyncResult {
  readonly executable: string;
  readonly version: string;
  readonly dspy: string;
  /** False when everything was there. */
  readonly changed: boolean;
  readonly installer?: "uv" | "pip";
}

export async function syncPython(options: SyncOptions = {}): Promise<SyncResult> {
  const project = options.projectDir ?? projectDir();
  const locks = lockHashes(["", ...(options.extras ?? [])]);
  const missing = whatIsMissing(readMarker(project), locks);
  if (missing.length === 0) return { ...readMarker(project)!, changed: false };

  const env = options.env ?? process.env;
  const places = environmentPlaces(project);
  const base = await findBasePython({ env, ...(options.interpreter ? { interpreter: options.interpreter } : {}) });
  await prepareFolder(join(project, ".dspex"));
  const say = options.onProgress ?? (() => {});
  const lock = await lockFile(
    base.executable,
    join(project, ".dspex", "python.lock"),
    () => say({ phase: "wait", text: "another process is installing; waiting for it" }),
    options.signal,
  );
  try {
    return await install(places, base.executable, { ...options, env, projectDir: project }, locks);
  } finally {
    await lock.release();
  }
}

/** Ours, and nothing git should see. */
async function prepareFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, ".gitignore"), "*\n");
  } catch (cause) {
    throw new ConfigurationError("python_sync_failed", `${folder} cannot be written: ${(cause as Error).message}.`, {
      configKey: "python",
      cause,
      remedy: "Check that the project's folder can be written to.",
    });
  }
}

/** Under the lock: what is missing is asked again, since another process may just have installed it. */
async function install(
  places: EnvironmentPlaces,
  base: string,
  options: SyncOptions & { projectDir: string; env: NonNullable<SyncOptions["env"]> },
  wanted: Record<string, string>,
): Promise<SyncResult> {
  const say = options.onProgress ?? (() => {});
  const unfinished = join(places.folder, "unfinished");
  const before = existsSync(unfinished) ? undefined : readMarker(options.projectDir);
  let missing = whatIsMissing(before, wanted);
  if (missing.length === 0) return { ...before!, changed: false };

  const installer = await chooseInstaller(options.env);
  const run = (command: readonly string[], onLine?: (line: string) => void) => step(command, installer, { ...options, base }, onLine);
  let kept = before?.locks ?? {};
  if (!before || missing.includes("")) {
    // Extras installed before stay wanted: their own locks belong to the same release.
    const extras = Object.keys({ ...lockedBefore(places), ...wanted });
    missing = extras;
    wanted = lockHashes(extras);
    kept = {};
    await rm(places.marker, { force: true });
    say({ phase: "create", text: `making ${places.folder}` });
    await run(installer.create(base, places.folder));
  }
  await writeFile(unfinished, "");
  const files = missing.map((extra) => lockPath(packagePython(), extra));
  const total = files.reduce((n, file) => n + (readFileSync(file, "utf8").match(/^[\w.-]+==/gm)?.length ?? 0), 0);
  let current = 0;
  say({ phase: "install", text: `installing ${total} packages with ${installer.name}`, current, total });
  await run(installer.install(places.interpreter, files), (line) => {
    const name = installer.progress.exec(line)?.[1];
    if (name) say({ phase: "install", text: name, current: ++current, total });
  });

  say({ phase: "check", text: "importing dspy" });
  await run([places.interpreter, "-I", "-c", "import dspy, msgspec"]);
  const facts = await probePython(places.interpreter);
  if (typeof facts === "string" || facts.packages.dspy !== DSPY_VERSION)
    throw failed(installer, "the new environment does not answer", String(facts));
  const marker: Marker = {
    executable: places.interpreter,
    version: facts.version,
    dspy: DSPY_VERSION,
    locks: { ...kept, ...pick(wanted, missing) },
  };
  await writeAtomically(places.marker, `${JSON.stringify(marker, null, 2)}\n`);
  await rm(unfinished, { force: true });
  say({ phase: "done", text: `Python ${facts.version} with dspy ${DSPY_VERSION}`, current: total, total });
  return { executable: marker.executable, version: marker.version, dspy: marker.dspy, changed: true, installer: installer.name };
}

function whatIsMissing(marker: Marker | undefined, wanted: Readonly<Record<string, string>>): string[] {
  return Object.keys(wanted).filter((extra) => marker?.locks[extra] !== wanted[extra]);
}

/** Extras of an environment that is about to be replaced, where its marker can still be read. */
function lockedBefore(places: EnvironmentPlaces): Readonly<Record<string, string>> {
  try {
    const { locks } = JSON.parse(readFileSync(places.marker, "utf8")) as Marker;
    return Object.fromEntries(Object.entries(locks).filter(([extra]) => existsSync(lockPath(packagePython(), extra))));
  } catch {
    return {};
  }
}

function pick(from: Readonly<Record<string, string>>, keys: readonly string[]): Record<string, string> {
  return Object.fromEntries(keys.map((key) => [key, from[key]!]));
}

async function writeAtomically(file: string, text: string): Promise<void> {
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, text);
  await rename(draft, file);
}

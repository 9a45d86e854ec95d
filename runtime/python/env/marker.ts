/** What an environment of ours holds, as its marker says: written last and by rename, so a marker means a whole environment. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { lockPath } from "./install.ts";
import { environmentPlaces, packagePython } from "./places.ts";
import { DSPY_VERSION } from "./probe.ts";

export interface Marker {
  readonly executable: string;
  readonly version: string;
  readonly dspy: string;
  /** sha256 of every lock installed, by extra (`""` is what every worker needs). */
  readonly locks: Readonly<Record<string, string>>;
}

/** The project's finished environment, if it is there, whole, and of this release's dspy. */
export function readMarker(project: string): Marker | undefined {
  const { marker, interpreter } = environmentPlaces(project);
  try {
    const read = JSON.parse(readFileSync(marker, "utf8")) as Marker;
    // existsSync follows the link, so an environment whose base Python was removed counts as absent.
    return read.dspy === DSPY_VERSION && existsSync(interpreter) ? { ...read, executable: interpreter } : undefined;
  } catch {
    return undefined;
  }
}

/** The locks as this package has them. */
export function lockHashes(extras: readonly string[]): Record<string, string> {
  const hash = (extra: string) =>
    createHash("sha256")
      .update(readFileSync(lockPath(packagePython(), extra)))
      .digest("hex");
  return Object.fromEntries([...new Set(extras)].map((extra) => [extra, hash(extra)]));
}

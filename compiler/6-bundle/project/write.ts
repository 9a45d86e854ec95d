/** Puts generated files on disk: only what changed is written, only our own files are replaced or deleted. */
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { HEADER } from "../../5-emit/module.ts";
import type { GeneratedFiles } from "./generate.ts";
import type { Layout } from "./layout.ts";

export type ChangeKind = "write" | "delete" | "foreign";

/** `foreign`: a file we did not write stands where one of ours should. */
export interface Change {
  readonly kind: ChangeKind;
  /** Relative to `dspex.gen`. */
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** What stands between the disk and `files`; empty when `dspex.gen` is fresh. */
export function changes(layout: Layout, files: GeneratedFiles): readonly Change[] {
  const found: Change[] = [];
  for (const [path, after] of files) {
    const before = read(join(layout.output, path));
    if (before === after) continue;
    const foreign = before !== undefined && before !== "" && !isOurs(before);
    found.push({ kind: foreign ? "foreign" : "write", path, before, after });
  }
  for (const path of existing(layout)) {
    if (files.has(path)) continue;
    const before = read(join(layout.output, path));
    if (before !== undefined && isOurs(before)) found.push({ kind: "delete", path, before, after: undefined });
  }
  return found;
}

export function apply(layout: Layout, found: readonly Change[]): void {
  const written = found.filter(({ kind }) => kind === "write");
  for (const folder of new Set(written.map(({ path }) => dirname(join(layout.output, path))))) mkdirSync(folder, { recursive: true });
  for (const { kind, path, after } of found) {
    const target = join(layout.output, path);
    if (kind === "write" && after !== undefined) {
      // Whole or not at all: an editor or a type checker may read it at this moment.
      const fresh = `${target}.${process.pid}.tmp`;
      writeFileSync(fresh, after);
      renameSync(fresh, target);
    } else if (kind === "delete") {
      rmSync(target, { force: true });
      removeEmpty(layout, dirname(target));
    }
  }
}

const isOurs = (text: string): boolean => text.startsWith(`// ${HEADER}`);

function existing(layout: Layout): readonly string[] {
  if (!existsSync(layout.output)) return [];
  return globSync("**/*.ts", { cwd: layout.output }).map((path) => path.replaceAll("\\", "/"));
}

/** With the line ends we write: Git may have put Windows' ones in their place. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").replaceAll("\r\n", "\n");
  } catch {
    return undefined;
  }
}

function removeEmpty(layout: Layout, folder: string): void {
  for (let at = folder; at.startsWith(layout.output) && at !== layout.output; at = dirname(at)) {
    try {
      rmdirSync(at);
    } catch {
      return;
    }
  }
}

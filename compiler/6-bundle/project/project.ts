/** A whole project, compiled: what `generate`, `check` and `doctor` work on. */
import { readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { openTypeReader } from "../../1-scan/checker.ts";
import { mayHoldSites } from "../../1-scan/quick.ts";
import { compileFile } from "../../compile.ts";
import type { Settings } from "../../config/load.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { SourceFile } from "../../source.ts";
import { noticing } from "../cache/asked.ts";
import { keepCompiled, recallCompiled } from "../cache/compiled.ts";
import { openCache } from "../cache/place.ts";
import { keyOf } from "../cache/transformed.ts";
import { openLoader } from "../load.ts";
import { projectFiles } from "./files.ts";
import type { CompiledFile } from "./generate.ts";
import { findLayout, type Layout, sourceName } from "./layout.ts";
import { projectDiagnostics } from "./names.ts";
import { optionsOf } from "./tsconfig.ts";

export interface Project {
  readonly layout: Layout;
  /** Every file looked at, ours or not. */
  readonly looked: number;
  readonly files: readonly CompiledFile[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface ProjectOptions {
  readonly cwd: string;
  readonly settings: Settings;
  /** Only these files; the whole project otherwise. */
  readonly only?: readonly string[];
}

export async function compileProject({ cwd, settings, only }: ProjectOptions): Promise<Project> {
  const layout = findLayout(cwd, settings.output);
  const paths = only?.length ? only.map((path) => resolve(cwd, path)) : await projectFiles(layout, settings);
  const files: CompiledFile[] = [];
  const diagnostics: Diagnostic[] = [];
  const modules = new Set(["dspex", ...settings.aliases]);
  const load = openLoader(layout.root);
  const types = openTypeReader({ root: layout.root, tsconfig: optionsOf(layout.root) });
  const cache = settings.cache ? openCache(layout.root, "project") : undefined;
  const compiling = {
    aliases: settings.aliases,
    typedSlots: true,
    strict: settings.strict,
  };
  for (const path of paths) {
    const text = readSource(path, cwd);
    if (!mayHoldSites(text, modules)) continue;
    const file = { path: sourceName(layout, path), text };
    // Places hold the file's path.
    const key = cache && keyOf(file.path, text, [file.path, compiling]);
    const known = key === undefined ? undefined : recallCompiled(cache!, key);
    const { asked, ...answers } = noticing({ load, types });
    const compiled = known ?? compileFile(file, { ...compiling, ...answers });
    const decided = asked() ? undefined : key;
    if (cache && decided !== undefined && !known) keepCompiled(cache, decided, compiled);
    diagnostics.push(...compiled.diagnostics);
    files.push({ file: compiled.file, signatures: compiled.signatures, tools: compiled.tools, key: decided });
  }
  cache?.save();
  diagnostics.push(...projectDiagnostics(files, settings.registry.prefix));
  return { layout, looked: paths.length, files, diagnostics: diagnostics.map((found) => seenFrom(cwd, layout, found)) };
}

/** Generated files name sources from tsconfig's folder; people read paths from where they stand. */
function seenFrom(cwd: string, layout: Layout, found: Diagnostic): Diagnostic {
  if (resolve(cwd) === layout.root) return found;
  const here = (file: SourceFile): SourceFile => ({ ...file, path: relative(cwd, join(layout.root, file.path)).replaceAll("\\", "/") });
  const related = found.related?.map((note) => ({ ...note, file: here(note.file) }));
  return { ...found, file: here(found.file), ...(related ? { related } : {}) };
}

/** A file that is named and not there is the caller's mistake, not the machine's. */
function readSource(path: string, cwd: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new FileError(`${relative(cwd, path)} cannot be read (${(cause as { code?: string }).code ?? (cause as Error).message}).`, {
      cause,
    });
  }
}

/** Named on the command line or found by a glob, and unreadable. */
class FileError extends Error {
  override readonly name: string = "FileError";
}

/** Whether the findings stop a build: errors always, warnings under `strict`. */
export function failing(diagnostics: readonly Diagnostic[], strict: boolean): boolean {
  return diagnostics.some(({ severity }) => severity === "error" || (strict && severity === "warning"));
}

/** Which files a project's signatures stand in. */
import { readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { glob } from "tinyglobby";
import { FOLDER, type Layout, parseTsconfig } from "./layout.ts";

const SCRIPT = "{ts,tsx,mts,cts,js,jsx,mjs,cjs}";
const ALWAYS_OUT = ["**/node_modules/**", "**/dist/**", `**/${FOLDER}/**`, "**/.*/**", "**/*.d.{ts,mts,cts}"];

export interface FileSelection {
  readonly include: readonly string[] | undefined;
  readonly exclude: readonly string[];
}

/** Absolute paths, sorted. Without `include`, tsconfig's own globs decide, else every script file. */
export async function projectFiles(layout: Layout, { include, exclude }: FileSelection): Promise<readonly string[]> {
  const tsconfig = readTsconfig(layout);
  const patterns = (include ?? tsconfig.include ?? tsconfig.files ?? ["**/*"]).map(asGlob);
  const ignored = [
    ...ALWAYS_OUT,
    `${relative(layout.root, layout.output).replaceAll("\\", "/")}/**`,
    ...[...(tsconfig.exclude ?? []), ...exclude].map(asGlob),
  ];
  const found = await glob(patterns, { cwd: layout.root, ignore: ignored, absolute: true, onlyFiles: true, expandDirectories: false });
  return found
    .filter((path) => /\.[cm]?[jt]sx?$/.test(path))
    .map((path) => resolve(path))
    .sort();
}

/** tsconfig's `src` means everything below it; a name with a dot is a file's, and patterns mean what they say. */
export function asGlob(pattern: string): string {
  const plain = pattern.replace(/^\.\//, "").replace(/\/$/, "");
  if (/\*\*\/\*$/.test(plain)) return `${plain}.${SCRIPT}`;
  return /[*?{]/.test(plain) || /\.[^/]*$/.test(plain) ? plain : `${plain}/**/*.${SCRIPT}`;
}

function readTsconfig(layout: Layout): { include?: readonly string[]; exclude?: readonly string[]; files?: readonly string[] } {
  try {
    return parseTsconfig(readFileSync(join(layout.root, "tsconfig.json"), "utf8"));
  } catch {
    return {};
  }
}

/** Which files a project's signatures stand in. */
import { relative, resolve } from "node:path";
import { glob } from "tinyglobby";
import { FOLDER, type Layout } from "./layout.ts";
import { programs } from "./tsconfig.ts";

const SCRIPT = "{ts,tsx,mts,cts,js,jsx,mjs,cjs}";
const ALWAYS_OUT = ["**/node_modules/**", "**/dist/**", `**/${FOLDER}/**`, "**/.*/**", "**/*.d.{ts,mts,cts}"];

export interface FileSelection {
  readonly include: readonly string[] | undefined;
  readonly exclude: readonly string[];
}

/** Absolute paths, sorted. Without `include`, the tsconfig's own globs decide, else every script file. */
export async function projectFiles(layout: Layout, { include, exclude }: FileSelection): Promise<readonly string[]> {
  const configs = [...programs(layout.root).values()];
  const named = configs.length ? configs.flatMap(({ include, files }) => include ?? files ?? ["**/*"]) : ["**/*"];
  const patterns = (include ?? named).map(asGlob);
  const ignored = [
    ...ALWAYS_OUT,
    `${relative(layout.root, layout.output).replaceAll("\\", "/")}/**`,
    ...[...configs.flatMap((config) => config.exclude ?? []), ...exclude].map(asGlob),
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

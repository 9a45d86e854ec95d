/** Where generated files stand: `dspex.gen/` beside tsconfig, one file a source file, the folders as in the source. */
import { existsSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { importsTs } from "./tsconfig.ts";

export interface Layout {
  /** The folder of tsconfig.json; absolute. */
  readonly root: string;
  /** `dspex.gen`; absolute. */
  readonly output: string;
  /** How generated files import each other: `.ts` where tsconfig allows it, else `.js`. */
  readonly importExtension: ".ts" | ".js";
}

export const FOLDER = "dspex.gen";

/** The nearest folder with a tsconfig.json, from `from` upwards; `from` itself where there is none. */
export function findLayout(from: string, output: string = FOLDER): Layout {
  const root = findUp(from, "tsconfig.json") ?? resolve(from);
  return { root, output: resolve(root, output), importExtension: importsTs(root) ? ".ts" : ".js" };
}

function findUp(from: string, name: string): string | undefined {
  for (let at = resolve(from); ; at = dirname(at)) {
    if (existsSync(join(at, name))) return at;
    if (dirname(at) === at) return undefined;
  }
}

/** `src/triage.ts` -> `src/triage.ts`; `src/view.tsx` -> `src/view.tsx.ts`, so that no two sources meet in one file. */
export function generatedPath(source: string): string {
  const path = source.replaceAll("\\", "/").replace(/^(\.\.\/)+/, "");
  return path.endsWith(".ts") && !path.endsWith(".d.ts") ? path : `${path}.ts`;
}

/** The specifier of a generated file as another one in `dspex.gen` imports it. */
export function specifierOf(layout: Layout, source: string): string {
  return `./${generatedPath(source).replace(/\.ts$/, layout.importExtension)}`;
}

/** A source file's name in messages and headers: relative to the layout's root, forward slashes. */
export function sourceName(layout: Layout, path: string): string {
  return relative(layout.root, path).replaceAll("\\", "/");
}

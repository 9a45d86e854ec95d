/** Where generated files stand: `dspex.gen/` beside tsconfig, one file a source file, the folders as in the source. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, extname, join, relative, resolve } from "node:path";

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
  return { root, output: resolve(root, output), importExtension: importsTs(join(root, "tsconfig.json")) ? ".ts" : ".js" };
}

function findUp(from: string, name: string): string | undefined {
  for (let at = resolve(from); ; at = dirname(at)) {
    if (existsSync(join(at, name))) return at;
    if (dirname(at) === at) return undefined;
  }
}

/** Reads the two options, through `extends` of relative files; a tsconfig is JSON with comments and trailing commas. */
function importsTs(path: string, depth = 0): boolean {
  if (depth > 8 || !existsSync(path)) return false;
  const { compilerOptions = {}, extends: bases } = parseTsconfig(readFileSync(path, "utf8"));
  const named = compilerOptions.allowImportingTsExtensions ?? compilerOptions.rewriteRelativeImportExtensions;
  if (compilerOptions.allowImportingTsExtensions === true || compilerOptions.rewriteRelativeImportExtensions === true) return true;
  if (named !== undefined) return false;
  const list = Array.isArray(bases) ? bases : bases === undefined ? [] : [bases];
  return list
    .filter((base) => base.startsWith("."))
    .some((base) => importsTs(resolve(dirname(path), extname(base) ? base : `${base}.json`), depth + 1));
}

interface Tsconfig {
  readonly compilerOptions?: { readonly allowImportingTsExtensions?: boolean; readonly rewriteRelativeImportExtensions?: boolean };
  readonly extends?: string | string[];
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly files?: readonly string[];
}

export function parseTsconfig(text: string): Tsconfig {
  // Strings first, so that a comment's mark inside one is left alone.
  const plain = text
    .replace(/^\uFEFF/, "")
    .replace(/("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*[\s\S]*?\*\/|,(?=\s*[}\]])/g, (_, string) => string ?? "");
  try {
    return JSON.parse(plain) as Tsconfig;
  } catch {
    return {};
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

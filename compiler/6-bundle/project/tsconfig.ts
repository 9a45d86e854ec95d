/** What is asked of a project's tsconfig: which files are its sources, and how they may import each other. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

export interface Tsconfig {
  readonly compilerOptions?: { readonly allowImportingTsExtensions?: boolean; readonly rewriteRelativeImportExtensions?: boolean };
  readonly extends?: string | string[];
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly files?: readonly string[];
  readonly references?: readonly { readonly path?: string }[];
}

/** A tsconfig is JSON with comments and trailing commas. What cannot be read says nothing; tsc says why. */
export function parseTsconfig(text: string): Tsconfig {
  // Strings first, so that a comment's mark inside one is left alone.
  const without = (marks: RegExp, from: string) => from.replace(marks, (_, string) => string ?? "");
  const plain = without(
    /("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])/g,
    without(/("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, text.replace(/^\uFEFF/, "")),
  );
  try {
    return JSON.parse(plain) as Tsconfig;
  } catch {
    return {};
  }
}

/**
 * The configurations that name a folder's sources, by their file's name: its tsconfig.json, or, where that only holds
 * references (`"files": []`, as Vite's template has it), those of them that stand beside it.
 */
export function programs(root: string): ReadonlyMap<string, Tsconfig> {
  const main = readTsconfig(join(root, "tsconfig.json"));
  if (!main) return new Map();
  if (main.include || main.files?.length !== 0 || !main.references) return new Map([["tsconfig.json", main]]);
  const beside = main.references.flatMap(({ path = "" }) => {
    const name = path.replace(/^\.\//, "");
    const config = name.endsWith(".json") && !name.includes("/") ? readTsconfig(join(root, name)) : undefined;
    return config ? [[name, config] as const] : [];
  });
  return new Map(beside);
}

/** Whose options TypeScript's checker needs for a folder's sources, where its tsconfig.json does not have them itself. */
export function optionsOf(root: string): string | undefined {
  const [name] = [...programs(root)].find(([, { include }]) => !include || include.some(isFolder)) ?? ["tsconfig.json"];
  return name === "tsconfig.json" ? undefined : join(root, name);
}

/** A pattern of `include` that takes in more than one named file. */
export const isFolder = (pattern: string): boolean => !/^[^*?]*\.[cm]?[jt]sx?$/.test(pattern);

/** Whether sources may import each other with `.ts`, by the two options that say so, through `extends` of relative files. */
export function importsTs(root: string): boolean {
  return [...programs(root)].some(([name, config]) => allowsTs(config, join(root, name)));
}

function allowsTs({ compilerOptions = {}, extends: bases = [] }: Tsconfig, path: string, depth = 0): boolean {
  const { allowImportingTsExtensions: allows, rewriteRelativeImportExtensions: rewrites } = compilerOptions;
  if (allows === true || rewrites === true) return true;
  if ((allows ?? rewrites) !== undefined || depth > 8) return false;
  return [bases].flat().some((base) => {
    const from = resolve(dirname(path), base.endsWith(".json") ? base : `${base}.json`);
    const config = base.startsWith(".") ? readTsconfig(from) : undefined;
    return config !== undefined && allowsTs(config, from, depth + 1);
  });
}

function readTsconfig(path: string): Tsconfig | undefined {
  return existsSync(path) ? parseTsconfig(readFileSync(path, "utf8")) : undefined;
}

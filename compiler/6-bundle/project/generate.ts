/** A project's generated files, as path and text: what `dspexc generate` writes, and `--check` compares. */
import type { ModuleDeclaration } from "../../5-emit/declaration.ts";
import { fileModule } from "../../5-emit/module.ts";
import { indexModule, type ProjectFile, registryModule } from "../../5-emit/registry.ts";
import type { SourceFile } from "../../source.ts";
import type { Sites } from "../rewrite.ts";
import { generatedPath, type Layout, specifierOf } from "./layout.ts";

export interface CompiledFile extends Sites {
  /** `path` is relative to the layout's root. */
  readonly file: SourceFile;
}

/** Paths are relative to `dspex.gen`, sorted. */
export type GeneratedFiles = ReadonlyMap<string, string>;

/** How a module becomes text: ts-morph's printer for files, the small one where only the bytes matter. */
export type Print = (path: string, module: ModuleDeclaration) => string;

export function generateProject(layout: Layout, compiled: readonly CompiledFile[], print: Print): GeneratedFiles {
  return new Map([...projectModules(layout, compiled)].map(([path, module]) => [path, print(path, module)]));
}

/** The same before it is printed. */
export function projectModules(layout: Layout, compiled: readonly CompiledFile[]): ReadonlyMap<string, ModuleDeclaration> {
  const files = compiled.filter(({ signatures, tools }) => signatures.length > 0 || tools.some((tool) => tool.spec !== undefined));
  const sorted = files.toSorted((a, b) => (a.file.path < b.file.path ? -1 : 1));
  const out = new Map<string, ModuleDeclaration>();
  const project = sorted.map(({ file, signatures, tools }): ProjectFile => {
    const generated = fileModule(file.path, signatures, tools);
    const path = generatedPath(file.path);
    out.set(path, generated.module);
    return { specifier: specifierOf(layout, file.path), file: generated, text: file.text };
  });
  out.set("index.ts", indexModule(project));
  out.set("registry.d.ts", registryModule(project));
  return new Map([...out].sort(([a], [b]) => (a < b ? -1 : 1)));
}

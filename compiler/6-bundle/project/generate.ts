/** A project's generated files, as path and text: what `dspexc generate` writes, and `--check` compares. */
import { fileModule, generatedText } from "../../5-emit/module.ts";
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

export function generateProject(layout: Layout, compiled: readonly CompiledFile[]): GeneratedFiles {
  const files = compiled.filter(({ signatures, tools }) => signatures.length > 0 || tools.some((tool) => tool.spec !== undefined));
  const sorted = files.toSorted((a, b) => (a.file.path < b.file.path ? -1 : 1));
  const out = new Map<string, string>();
  const project = sorted.map(({ file, signatures, tools }): ProjectFile => {
    const generated = fileModule(file.path, signatures, tools);
    out.set(generatedPath(file.path), generatedText(generated.module));
    return { specifier: specifierOf(layout, file.path), file: generated, text: file.text };
  });
  out.set("index.ts", generatedText(indexModule(project)));
  out.set("registry.d.ts", generatedText(registryModule(project)));
  return new Map([...out].sort(([a], [b]) => (a < b ? -1 : 1)));
}

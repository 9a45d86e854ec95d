/** A project's generated files, as path and text: what `dspexc generate` writes, and `--check` compares. */
import { fileEntries } from "../../5-emit/entries.ts";
import { fileModule, generatedText } from "../../5-emit/module.ts";
import { indexModule, type ProjectFile, registryModule } from "../../5-emit/registry.ts";
import type { SourceFile } from "../../source.ts";
import { type GeneratedFile, keepGenerated, recallGenerated } from "../cache/generated.ts";
import type { Store } from "../cache/store.ts";
import type { Sites } from "../rewrite.ts";
import { generatedPath, type Layout, specifierOf } from "./layout.ts";

export interface CompiledFile extends Sites {
  /** `path` is relative to the layout's root. */
  readonly file: SourceFile;
  /** Of what decides what is compiled from it; absent where its own text does not. */
  readonly key?: string | undefined;
}

/** Paths are relative to `dspex.gen`, sorted. */
export type GeneratedFiles = ReadonlyMap<string, string>;

/** `cache` keeps each file's module for the next run. */
export function generateProject(layout: Layout, compiled: readonly CompiledFile[], cache?: Store): GeneratedFiles {
  const files = compiled.filter(({ signatures, tools }) => signatures.length > 0 || tools.some((tool) => tool.spec !== undefined));
  const sorted = files.toSorted((a, b) => (a.file.path < b.file.path ? -1 : 1));
  const out = new Map<string, string>();
  const project = sorted.map((source): ProjectFile => {
    const { path } = source.file;
    const { text, entries } = generateFile(source, cache);
    out.set(generatedPath(path), text);
    return { specifier: specifierOf(layout, path), entries };
  });
  out.set("index.ts", generatedText(indexModule(project)));
  out.set("registry.d.ts", generatedText(registryModule(project)));
  return new Map([...out].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function generateFile({ file, signatures, tools, key }: CompiledFile, cache: Store | undefined): GeneratedFile {
  const known = cache && key !== undefined ? recallGenerated(cache, key) : undefined;
  if (known) return known;
  const made = fileModule(file.path, signatures, tools);
  const generated = { text: generatedText(made.module), entries: fileEntries(made, file.text) };
  if (cache && key !== undefined) keepGenerated(cache, key, generated);
  return generated;
}

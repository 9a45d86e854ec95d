/** One build's view of a project, shared by every plugin: the configuration, read once, and the check of `dspex.gen` in CI. */
import { existsSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { openTypeReader } from "../1-scan/checker.ts";
import { mayHoldSites } from "../1-scan/quick.ts";
import { loadConfig } from "../config/load.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SourceFile, Span } from "../source.ts";
import { noticing } from "./cache/asked.ts";
import { openCache } from "./cache/place.ts";
import { type Kept, keep, keyOf, recall } from "./cache/transformed.ts";
import { openLoader } from "./load.ts";
import { fieldsNeeding, ofTypes } from "./needed-types.ts";
import type { PluginOptions } from "./options.ts";
import { findLayout, generatedPath, type Layout, sourceName } from "./project/layout.ts";
import { optionsOf } from "./project/tsconfig.ts";
import type { RewriteOptions, Sites } from "./rewrite.ts";
import { transform } from "./transform.ts";
import { without } from "./without.ts";

export interface Session {
  /** `path` is absolute; `text` the file's text or its bytes. `undefined` where there is nothing of ours in the file. */
  compile(path: string, text: string | Buffer): Compiled | undefined;
  /** Whether the project leaves anything of dspex out of its bundle. */
  readonly trims: boolean;
  /** What stands in for a source of dspex itself that the project leaves out of its bundle. */
  replaced(path: string): string | undefined;
  /** Keeps what was compiled for the next build. */
  save(): void;
}

export interface Compiled extends Kept {
  /** Other files whose signatures were spliced into this one; absolute. When one changes, so does this. */
  readonly dependencies: readonly string[];
}

/** `cwd` is what messages are relative to. */
export async function openSession(options: PluginOptions, cwd: string, { keepLines }: RewriteOptions = {}): Promise<Session> {
  const flags = { aliases: options.aliases, strict: options.strict, cache: options.cache, without: options.without };
  const { settings } = await loadConfig({ cwd, command: "build", flags });
  const layout = findLayout(cwd, settings.output);
  const guarded = (options.ci ?? isCi(process.env)) && existsSync(layout.output);
  const modules = new Set(["dspex", ...settings.aliases]);
  const { aliases } = settings;
  const missing = ofTypes(settings.without);
  const open = openLoader(cwd);
  const types = openTypeReader({ root: cwd, tsconfig: optionsOf(layout.root) });
  const cache = settings.cache ? openCache(cwd, "builds") : undefined;

  function compileAnew(path: string, text: string, key: string | undefined): Compiled | undefined {
    if (!mayHoldSites(text, modules)) return undefined;
    const file = { path, text };
    const dependencies = new Set<string>();
    const load: typeof open = (specifier, importer) => {
      const found = open(specifier, importer);
      if (found) dependencies.add(resolve(cwd, found.path));
      return found;
    };
    const { asked, ...answers } = noticing({ load, types });
    const transformed = transform(file, { aliases, ...answers, keepLines });
    const made = transformed && {
      ...transformed,
      diagnostics: [...transformed.diagnostics, ...fieldsNeeding(missing, transformed.sites.signatures, file)],
      code: () => transformed.code,
      bytes: Buffer.from(transformed.code),
      ...signaturesOf(transformed.sites),
    };
    if (cache && key !== undefined && !asked()) keep(cache, key, file, made);
    return made && { ...made, dependencies: [...dependencies] };
  }

  return {
    compile(path, input) {
      const name = relative(cwd, path).replaceAll("\\", "/");
      const text = () => (typeof input === "string" ? input : input.toString());
      // An alias may be a path, which is relative to the file's own.
      const key = cache && keyOf(name, input, [keepLines ?? false, missing ?? "", ...(aliases.length ? [aliases, name] : [])]);
      const known = key === undefined ? undefined : cache?.get(key);
      const recalled = known && recall(known, name, text);
      if (recalled === null) return undefined;
      const made = recalled ? { ...recalled, dependencies: [] } : compileAnew(name, text(), key);
      if (made === undefined) return undefined;
      const found = settings.strict ? made.diagnostics.map(asError) : made.diagnostics;
      const stale = guarded && made.first && isStale(layout, path, made.hashes);
      const diagnostics = stale ? [...found, staleDiagnostic(layout, { path: name, text: text() }, made.first)] : found;
      // Every bundler reads a whole path as it is; a relative one some resolve from the file, and some from where they write.
      const map = () => Object.assign(made.map(), { sources: [path.replaceAll("\\", "/")] });
      return { ...made, diagnostics, map };
    },
    trims: settings.without.length > 0,
    replaced: (path) => without(settings.without, path),
    save() {
      cache?.save();
    },
  };
}

const signaturesOf = ({ signatures }: Sites) => ({ hashes: signatures.map(({ spec }) => spec.hash), first: signatures[0]?.site.span });

const isCi = (env: Readonly<Record<string, string | undefined>>): boolean =>
  env.CI !== undefined && env.CI !== "" && env.CI !== "false" && env.CI !== "0";

const asError = (found: Diagnostic): Diagnostic => (found.severity === "warning" ? { ...found, severity: "error" } : found);

/** By the content hashes: the generated file names exactly those of the source. No checker is needed for that. */
function isStale(layout: Layout, path: string, hashes: readonly string[]): boolean {
  const generated = join(layout.output, generatedPath(sourceName(layout, path)));
  if (!existsSync(generated)) return true;
  const written = Array.from(readFileSync(generated, "utf8").matchAll(/^ *hash: "([0-9a-f]+)",$/gm), ([, hash]) => hash).sort();
  return written.join() !== hashes.toSorted().join();
}

function staleDiagnostic(layout: Layout, file: SourceFile, span: Span): Diagnostic {
  return {
    code: "generated_stale",
    severity: "error",
    message: `${relative(layout.root, layout.output)} was generated from another version of this file.`,
    file,
    span,
    hint: "Run dspexc generate and commit what it writes.",
  };
}

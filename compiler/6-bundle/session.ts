/** One build's view of a project, shared by every plugin: the configuration, read once, and the check of `dspex.gen` in CI. */
import { existsSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { openTypeReader } from "../1-scan/checker.ts";
import { mayHoldSites } from "../1-scan/quick.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { loadConfig } from "../load-config.ts";
import { openLoader } from "./load.ts";
import type { PluginOptions } from "./options.ts";
import { findLayout, generatedPath, type Layout, sourceName } from "./project/layout.ts";
import type { RewriteOptions, Sites } from "./rewrite.ts";
import { type Transformed, transform } from "./transform.ts";

export interface Session {
  /** `path` is absolute. `undefined` where there is nothing of ours in the file. */
  compile(path: string, text: string): Compiled | undefined;
}

export interface Compiled extends Transformed {
  /** Other files whose signatures were spliced into this one; absolute. When one changes, so does this. */
  readonly dependencies: readonly string[];
}

/** `cwd` is what messages are relative to. */
export async function openSession(options: PluginOptions, cwd: string, { keepLines }: RewriteOptions = {}): Promise<Session> {
  const { settings } = await loadConfig({ cwd, command: "build", flags: { aliases: options.aliases, strict: options.strict } });
  const layout = findLayout(cwd, settings.output);
  const guarded = (options.ci ?? isCi(process.env)) && existsSync(layout.output);
  const modules = new Set(["dspex", ...settings.aliases]);
  const open = openLoader(cwd);
  const types = openTypeReader({ root: cwd });
  return {
    compile(path, text) {
      if (!mayHoldSites(text, modules)) return undefined;
      const file = { path: relative(cwd, path).replaceAll("\\", "/"), text };
      const dependencies = new Set<string>();
      const load: typeof open = (specifier, importer) => {
        const found = open(specifier, importer);
        if (found) dependencies.add(resolve(cwd, found.path));
        return found;
      };
      const made = transform(file, { aliases: settings.aliases, load, types, keepLines });
      if (made === undefined) return undefined;
      const found = settings.strict ? made.diagnostics.map(asError) : made.diagnostics;
      const stale = guarded && made.sites.signatures.length > 0 && isStale(layout, path, made.sites);
      return { ...made, dependencies: [...dependencies], diagnostics: stale ? [...found, staleDiagnostic(layout, made)] : found };
    },
  };
}

const isCi = (env: Readonly<Record<string, string | undefined>>): boolean =>
  env.CI !== undefined && env.CI !== "" && env.CI !== "false" && env.CI !== "0";

const asError = (found: Diagnostic): Diagnostic => (found.severity === "warning" ? { ...found, severity: "error" } : found);

/** By the content hashes: the generated file names exactly those of the source. No checker is needed for that. */
function isStale(layout: Layout, path: string, { signatures }: Sites): boolean {
  const generated = join(layout.output, generatedPath(sourceName(layout, path)));
  if (!existsSync(generated)) return true;
  const written = Array.from(readFileSync(generated, "utf8").matchAll(/^ *hash: "([0-9a-f]+)",$/gm), ([, hash]) => hash).sort();
  const wanted = signatures.map(({ spec }) => spec.hash).sort();
  return written.join() !== wanted.join();
}

function staleDiagnostic(layout: Layout, { sites }: Transformed): Diagnostic {
  const { site } = sites.signatures[0]!;
  return {
    code: "generated_stale",
    severity: "error",
    message: `${relative(layout.root, layout.output)} was generated from another version of this file.`,
    file: site.source.file,
    span: site.span,
    hint: "Run dspexc generate and commit what it writes.",
  };
}

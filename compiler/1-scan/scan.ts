/** From a file to its sites. The text is searched first; only a file that can hold a site is parsed. */
import type { Diagnostic, Staged } from "../diagnostics/diagnostic.ts";
import { fileReporter } from "../diagnostics/report.ts";
import type { SourceFile } from "../source.ts";
import { isAliasModule } from "./alias.ts";
import { parseFile } from "./estree.ts";
import { tooDeepAt } from "./nesting.ts";
import { lastPart, mayHoldSites } from "./quick.ts";
import type { Scan } from "./site.ts";
import { findSites } from "./sites.ts";

export interface ScanOptions {
  /** Modules that re-export dspex's functions, from the configuration: a specifier, or a file's path. */
  readonly aliases?: readonly string[];
}

const NOTHING: Scan = { signatures: [], tools: [], templates: [], imports: new Map() };

export function scan(file: SourceFile, options: ScanOptions = {}): Staged<Scan> {
  const aliases = options.aliases ?? [];
  if (!mayHoldSites(file.text, new Set(["dspex", ...aliases]))) return { value: NOTHING, diagnostics: [] };
  const diagnostics: Diagnostic[] = [];
  const report = fileReporter(file, diagnostics);
  const deep = tooDeepAt(file.text);
  if (deep !== undefined) {
    report("source_too_deep", { start: deep, end: deep + 1 }, "This file nests its brackets more than 1000 deep, too deep to be read.");
    return { value: NOTHING, diagnostics };
  }
  const { program, errors } = parseFile(file);
  const broken = errors.find((e) => e.severity === "Error");
  if (broken) {
    const label = broken.labels[0];
    report(
      "source_syntax",
      label ? { start: label.start, end: label.end } : { start: 0, end: 0 },
      `This file cannot be parsed: ${broken.message.replace(/\.$/, "")}.`,
    );
    return { value: NOTHING, diagnostics };
  }
  const isDspex = (specifier: string) => specifier === "dspex" || isAliasModule(specifier, file.path, aliases);
  const isAlias = aliases.length > 0 && isAliasModule(file.path, "", aliases);
  try {
    return { value: findSites(file, program, { isDspex, isAlias, words: ["dspex", ...aliases].map(lastPart) }, report), diagnostics };
  } catch (error) {
    // Chains without brackets (`a + b + ...`, `else if ...`) nest in the tree only, and there is no bound to their number.
    if (!(error instanceof RangeError)) throw error;
    report("source_too_deep", { start: 0, end: 0 }, "This file nests its expressions or statements too deep to be read.");
    return { value: NOTHING, diagnostics };
  }
}

/** The core of every bundler plugin: one file in, the file with its literals compiled out. */
import { type CompileOptions, compileFile } from "../compile.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SourceFile } from "../source.ts";
import { type RewriteOptions, type Rewritten, rewrite, type Sites } from "./rewrite.ts";

export interface Transformed extends Rewritten {
  readonly sites: Sites;
  readonly diagnostics: readonly Diagnostic[];
}

/** `undefined` where the file holds nothing to compile. Literals with errors are left as they stand: the diagnostics say why. */
export function transform(file: SourceFile, options: CompileOptions & RewriteOptions = {}): Transformed | undefined {
  const { signatures, tools, templates, diagnostics } = compileFile(file, options);
  if (signatures.length + tools.length + templates.length + diagnostics.length === 0) return undefined;
  const sites = { signatures, tools, templates };
  return { ...rewrite(file.path, file.text, sites, options), sites, diagnostics };
}

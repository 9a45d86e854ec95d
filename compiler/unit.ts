/**
 * The files of one compilation as units: each signature is compiled once, when it is asked for, so that those which others
 * splice come first, wherever they are declared, and a circle is seen by who is still running.
 */
import { type ScanOptions, scan } from "./1-scan/scan.ts";
import type { Scan, SignatureSite } from "./1-scan/site.ts";
import type { TypeReader } from "./1-scan/types.ts";
import type { NoSignature, Surroundings } from "./4-ir/holes.ts";
import type { SignatureIr } from "./4-ir/ir.ts";
import type { Diagnostic } from "./diagnostics/diagnostic.ts";
import { fileReporter } from "./diagnostics/report.ts";
import type { SourceFile } from "./source.ts";

export interface UnitOptions extends ScanOptions {
  readonly types: TypeReader;
  readonly typedSlots: boolean;
  readonly load: (specifier: string, importer: SourceFile) => SourceFile | undefined;
  readonly compileSite: (site: SignatureSite, around: Surroundings, diagnostics: Diagnostic[]) => SignatureIr | undefined;
}

export interface Unit {
  /** The signature of a site, or undefined after reporting what is wrong with it. */
  readonly signature: (site: SignatureSite) => SignatureIr | undefined;
}

/** The unit of a file that is scanned already; its findings go into `diagnostics`. */
export function openUnit(file: SourceFile, found: Scan, options: UnitOptions, diagnostics: Diagnostic[]): Unit {
  const others = new Map<string, FileUnit>();
  const unit = fileUnit(file, found, options, diagnostics, others);
  others.set(file.path, unit);
  return { signature: unit.compiled };
}

interface FileUnit {
  readonly compiled: (site: SignatureSite) => SignatureIr | undefined;
  readonly declared: (site: SignatureSite | undefined, name: string) => SignatureIr | NoSignature | undefined;
  readonly found: Scan;
}

function fileUnit(file: SourceFile, found: Scan, options: UnitOptions, diagnostics: Diagnostic[], others: Map<string, FileUnit>): FileUnit {
  const done = new Map<SignatureSite, SignatureIr | undefined>();
  const running = new Set<SignatureSite>();
  const compiled: FileUnit["compiled"] = (site) => {
    if (done.has(site)) return done.get(site);
    running.add(site);
    const ir = options.compileSite(
      site,
      { types: options.types, signature: named, typedSlots: options.typedSlots, reportInFile: fileReporter(file, diagnostics) },
      diagnostics,
    );
    running.delete(site);
    done.set(site, ir);
    return ir;
  };
  const declared: FileUnit["declared"] = (site, name) => {
    if (!site) return undefined;
    if (running.has(site))
      return {
        code: "splice_cycle",
        reason: `\`${name}\` splices itself, by way of this hole.`,
        hint: "Declare the common fields in a signature of their own.",
      };
    return compiled(site) ?? { code: "hole_unresolved", reason: `\`${name}\` has errors of its own.`, hint: "Mend it first." };
  };
  const named = (name: string): SignatureIr | NoSignature => {
    const here = declared(
      found.signatures.find((site) => site.declaration?.name === name && site.declaration.topLevel),
      name,
    );
    if (here) return here;
    const imported = found.imports.get(name);
    if (imported) return importedSignature(name, imported);
    return { code: "hole_unresolved", reason: `No top-level \`const ${name} = sig(...)\` is in this file.`, hint: DECLARE };
  };
  const importedSignature = (
    name: string,
    { specifier, imported }: { readonly specifier: string; readonly imported: string },
  ): SignatureIr | NoSignature => {
    const other = options.load(specifier, file);
    if (!other) {
      return {
        code: "hole_unresolved",
        reason: `\`${name}\` comes from ${JSON.stringify(specifier)}, which the compiler does not read.`,
        hint: "Splice signatures of this project's own files, by a relative import.",
      };
    }
    let unit = others.get(other.path);
    if (!unit) {
      // The other file's findings are its own: they are told when it is compiled itself.
      unit = fileUnit(other, scan(other, options).value, options, [], others);
      others.set(other.path, unit);
    }
    return (
      unit.declared(
        unit.found.signatures.find((site) => site.declaration?.exported === imported),
        name,
      ) ?? {
        code: "hole_unresolved",
        reason: `${JSON.stringify(specifier)} exports no signature \`${imported}\` that the compiler can read.`,
        hint: DECLARE,
      }
    );
  };
  return { compiled, declared, found };
}

const DECLARE = "Declare the signature, `const Base = sig(...)`, and write its name.";

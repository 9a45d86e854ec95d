/**
 * The pipeline on one screen: a file, or a text, through the stages up to the IR.
 *
 *     source -> 1-scan -> 2-parse -> 3-check -> 4-ir        (then 5-emit, 6-bundle)
 *
 * Every stage says all it finds; only a literal without errors goes on to the next.
 */
import type { TypeSpec } from "../runtime/abi.ts";
import { openTypeReader } from "./1-scan/checker.ts";
import { type ScanOptions, scan } from "./1-scan/scan.ts";
import type { Scan, SignatureSite, ToolSite } from "./1-scan/site.ts";
import type { TypeReader } from "./1-scan/types.ts";
import { parse } from "./2-parse/parse.ts";
import { check } from "./3-check/check.ts";
import { checkTags, checkTools } from "./3-check/clashes.ts";
import { openHoles, type Surroundings } from "./4-ir/holes.ts";
import type { SignatureIr } from "./4-ir/ir.ts";
import { lower } from "./4-ir/lower.ts";
import type { Diagnostic, Staged } from "./diagnostics/diagnostic.ts";
import { fileReporter, reporter } from "./diagnostics/report.ts";
import { plainSource, type SourceFile } from "./source.ts";

export interface CompileOptions extends ScanOptions {
  /** The file an import names, for `${Other}` declared elsewhere; without it such a hole is a diagnostic. */
  readonly load?: (specifier: string, importer: SourceFile) => SourceFile | undefined;
  /** Answers about TypeScript types; made at the first question when absent. Share one, because it keeps the project. */
  readonly types?: TypeReader;
  /** Bare tags are warnings, not remarks. */
  readonly strict?: boolean;
  /** Asks the checker for the types of `${schema}` holes too. Declarations need them, JavaScript does not. */
  readonly typedSlots?: boolean;
}

export interface CompiledFile {
  readonly file: SourceFile;
  /** In source order; literals with errors are left out, their diagnostics say why. */
  readonly signatures: readonly SignatureIr[];
  readonly tools: readonly ToolSite[];
  readonly diagnostics: readonly Diagnostic[];
}

export function compileFile(file: SourceFile, options: CompileOptions = {}): CompiledFile {
  const { value: found, diagnostics: first } = scan(file, options);
  const diagnostics: Diagnostic[] = [...first];
  if (found.signatures.length + found.tools.length === 0) return { file, signatures: [], tools: [], diagnostics };
  const types = options.types ?? openTypeReader();
  const signatures = compileSites(file, found, types, options, diagnostics, [file.path]);
  const report = fileReporter(file, diagnostics);
  const tools = found.tools.map((site): ToolSite => ({ ...site, spec: types.tool(file, site, report) }));
  diagnostics.push(
    ...checkTags(found.signatures),
    ...checkTools(file, found.tools),
    ...bareTags(found.signatures, options.strict ?? false),
  );
  return { file, signatures, tools, diagnostics: inOrder(diagnostics) };
}

/** A text known only at run time. `types` gives meaning to names that stand in it. */
export function compileText(
  text: string,
  name = "Signature",
  named: (name: string) => TypeSpec | undefined = () => undefined,
): Staged<SignatureIr | undefined> {
  const source = plainSource(text);
  const site: SignatureSite = {
    kind: "call",
    name,
    source,
    span: { start: 0, end: text.length },
    literal: undefined,
    holes: [],
    options: undefined,
    declaration: undefined,
  };
  const diagnostics: Diagnostic[] = [];
  const nothing: Surroundings = {
    types: NO_TYPES,
    signature: (name) => ({ code: "hole_unresolved", reason: `\`${name}\` is not declared.` }),
    typedSlots: false,
    reportInFile: fileReporter(source.file, diagnostics),
  };
  const value = compileSite(site, nothing, named, diagnostics);
  return { value, diagnostics: inOrder(diagnostics) };
}

const DECLARE = "Declare the signature, `const Base = sig(...)`, and write its name.";
const COMMON = "Declare the common fields in a signature of their own.";
const NO_TYPES: TypeReader = { typeArgument: () => undefined, tool: () => undefined, schema: () => undefined };

function compileSite(
  site: SignatureSite,
  around: Surroundings,
  named: (name: string) => TypeSpec | undefined,
  diagnostics: Diagnostic[],
): SignatureIr | undefined {
  const report = reporter(site.source, diagnostics);
  const node = parse(site.source.text, report);
  if (!node) return undefined;
  const holes = openHoles(site, around, report);
  const checked = check(node, { hole: holes.hole, splice: holes.splice, named }, report);
  const unused = node.complete ? holes.unused() : [];
  for (const hole of unused) {
    report(
      "hole_unexpected",
      { start: hole.at, end: hole.at + 1 },
      `\`${hole.text}\` is known only at run time, and here its text would have to be known now.`,
      {
        hint: "A hole can be a field's type, `name: ${Schema}`, a signature in a field's place, or a constant of this file.",
      },
    );
  }
  return checked && unused.length === 0 ? lower(site, checked, holes.slots) : undefined;
}

/** All literals of a file, each once, those that others splice first. `trail` are the files on the way here. */
function compileSites(
  file: SourceFile,
  found: Scan,
  types: TypeReader,
  options: CompileOptions,
  diagnostics: Diagnostic[],
  trail: readonly string[],
): SignatureIr[] {
  const done = new Map<SignatureSite, SignatureIr | undefined>();
  const running = new Set<SignatureSite>();
  const compiled = (site: SignatureSite): SignatureIr | undefined => {
    if (done.has(site)) return done.get(site);
    running.add(site);
    const ir = compileSite(
      site,
      { types, signature, typedSlots: options.typedSlots ?? false, reportInFile: fileReporter(file, diagnostics) },
      () => undefined,
      diagnostics,
    );
    running.delete(site);
    done.set(site, ir);
    return ir;
  };
  const signature: Surroundings["signature"] = (name) => {
    const site = found.signatures.find((s) => s.declaration?.name === name && s.declaration.topLevel);
    if (site && running.has(site))
      return { code: "splice_cycle", reason: `\`${name}\` splices itself, by way of this hole.`, hint: COMMON };
    if (site) return compiled(site) ?? { code: "hole_unresolved", reason: `\`${name}\` has errors of its own.`, hint: "Mend it first." };
    const imported = found.imports.get(name);
    if (!imported) return { code: "hole_unresolved", reason: `No top-level \`const ${name} = sig(...)\` is in this file.`, hint: DECLARE };
    return importedSignature(name, imported, file, types, options, trail);
  };
  return found.signatures.map(compiled).filter((ir) => ir !== undefined);
}

/** The other file's findings are its own: they are told when it is compiled itself. */
function importedSignature(
  name: string,
  imported: { readonly specifier: string; readonly imported: string },
  importer: SourceFile,
  types: TypeReader,
  options: CompileOptions,
  trail: readonly string[],
): ReturnType<Surroundings["signature"]> {
  const file = options.load?.(imported.specifier, importer);
  if (!file)
    return {
      code: "hole_unresolved",
      reason: `\`${name}\` comes from ${JSON.stringify(imported.specifier)}, which the compiler does not read.`,
      hint: "Splice signatures of this project's own files, by a relative import.",
    };
  if (trail.includes(file.path))
    return { code: "splice_cycle", reason: `\`${name}\` comes from a file that splices signatures of this one.`, hint: COMMON };
  const found = scan(file, options).value;
  const irs = compileSites(file, found, types, options, [], [...trail, file.path]);
  const ir = irs.find((s) => s.site.declaration?.exported === imported.imported);
  return (
    ir ?? {
      code: "hole_unresolved",
      reason: `${JSON.stringify(imported.specifier)} exports no signature \`${imported.imported}\` that the compiler can read.`,
      hint: DECLARE,
    }
  );
}

/** TypeScript gives the literal of a bare tag no type of its own, so such a signature is loosely typed. */
function bareTags(sites: readonly SignatureSite[], strict: boolean): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const { kind, source, span } of sites) {
    if (kind !== "bareTag") continue;
    fileReporter(source.file, found)(
      "tag_bare",
      { start: span.start, end: source.offsets[0]! - 1 },
      "A bare tag is loosely typed: TypeScript cannot see the text of its literal.",
      {
        hint: "Write sig(`...`), or a named tag, sig.Name`...`.",
        severity: strict ? "warning" : "info",
      },
    );
  }
  return found;
}

function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...diagnostics].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}

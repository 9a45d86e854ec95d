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
import type { SignatureSite, ToolSite } from "./1-scan/site.ts";
import type { TypeReader } from "./1-scan/types.ts";
import { parse } from "./2-parse/parse.ts";
import { checkBareTags } from "./3-check/bare-tags.ts";
import { check } from "./3-check/check.ts";
import { checkTags, checkTools } from "./3-check/clashes.ts";
import { type CheckedTemplate, checkTemplate } from "./3-check/templates.ts";
import { fieldNames } from "./4-ir/field-names.ts";
import { openHoles, type Surroundings } from "./4-ir/holes.ts";
import type { SignatureIr } from "./4-ir/ir.ts";
import { lower } from "./4-ir/lower.ts";
import type { Diagnostic, Staged } from "./diagnostics/diagnostic.ts";
import { fileReporter, reporter } from "./diagnostics/report.ts";
import { plainSource, type SourceFile } from "./source.ts";
import { openUnit } from "./unit.ts";

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
  /** Templates whose text is known here and right. */
  readonly templates: readonly CheckedTemplate[];
  readonly diagnostics: readonly Diagnostic[];
}

export function compileFile(file: SourceFile, options: CompileOptions = {}): CompiledFile {
  const { value: found, diagnostics: first } = scan(file, options);
  const diagnostics: Diagnostic[] = [...first];
  if (found.signatures.length + found.tools.length + found.templates.length === 0)
    return { file, signatures: [], tools: [], templates: [], diagnostics };
  const { types = openTypeReader(), typedSlots = false, strict = false, load = () => undefined } = options;
  const unit = openUnit(file, found, { ...options, types, typedSlots, load, compileSite }, diagnostics);
  const signatures = found.signatures.map(unit.signature).filter((ir) => ir !== undefined);
  const report = fileReporter(file, diagnostics);
  const tools = found.tools.map((site): ToolSite => ({ ...site, spec: types.tool(file, site, report) }));
  diagnostics.push(...checkTags(found.signatures), ...checkTools(file, found.tools), ...checkBareTags(found.signatures, strict));
  const templates = found.templates.flatMap(
    (site) => checkTemplate(site, fieldNames(signatures), reporter(site.source, diagnostics)) ?? [],
  );
  return { file, signatures, tools, templates, diagnostics: inOrder(diagnostics) };
}

/** A text known only at run time. `named` gives meaning to names that stand in it. */
export function compileText(text: string, name = "Signature", named: Named = NOTHING): Staged<SignatureIr | undefined> {
  const source = plainSource(text);
  const span = { start: 0, end: text.length };
  const site: SignatureSite = {
    kind: "call",
    name,
    source,
    span,
    literal: undefined,
    holes: [],
    options: undefined,
    declaration: undefined,
  };
  const diagnostics: Diagnostic[] = [];
  const around: Surroundings = {
    types: { typeArgument: NOTHING, tool: NOTHING, schema: NOTHING },
    signature: () => ({ code: "hole_unresolved", reason: "A text has no holes." }),
    typedSlots: false,
    reportInFile: fileReporter(source.file, diagnostics),
  };
  const value = compileSite(site, around, diagnostics, named);
  return { value, diagnostics: inOrder(diagnostics) };
}

type Named = (name: string) => TypeSpec | undefined;
const NOTHING = (): undefined => undefined;

/** One literal, through the stages. */
function compileSite(
  site: SignatureSite,
  around: Surroundings,
  diagnostics: Diagnostic[],
  named: Named = NOTHING,
): SignatureIr | undefined {
  const report = reporter(site.source, diagnostics);
  const node = parse(site.source.text, report);
  if (!node) return undefined;
  const holes = openHoles(site, around, report);
  const checked = check(node, { hole: holes.hole, splice: holes.splice, named }, report);
  const sound = !node.complete || holes.reportUnused();
  return checked && sound ? lower(site, checked, holes.slots) : undefined;
}

function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...diagnostics].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}

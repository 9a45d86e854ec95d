/**
 * TypeScript's checker, through ts-morph: loaded at the first question, kept for the next ones. Only the files asked
 * about and what they import are read, never the whole project.
 */
import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";
import type * as tsMorph from "ts-morph";
import type { SourceFile, Span } from "../source.ts";
import type { At } from "./asked-node.ts";
import { ImportedFiles } from "./imported-files.ts";
import { printTypescript } from "./print-typescript.ts";
import { readTool } from "./read-tool.ts";
import { typeReading } from "./read-type/read-type.ts";
import type { TypeReader } from "./types.ts";

type Ts = typeof tsMorph.ts;

export interface CheckerOptions {
  /** The working directory: paths of files are relative to it. */
  readonly root?: string;
  /** Found above the file when absent. */
  readonly tsconfig?: string | undefined;
}

export function openTypeReader(options: CheckerOptions = {}): TypeReader {
  const root = options.root ?? process.cwd();
  let opened: Opened | undefined;
  const open = (file: SourceFile): Opened => (opened ??= openProject(resolve(root, file.path), options, root));

  /** The node that stands at exactly this span, and the checker that knows it. */
  const at = (file: SourceFile, span: Span): At | undefined => {
    const { ts, project, disk } = open(file);
    const path = resolve(root, file.path);
    const known = project.getSourceFile(path);
    if (!known) project.createSourceFile(path, file.text, { overwrite: true });
    else if (known.getFullText() !== file.text) known.replaceWithText(file.text);
    disk.refresh(path);
    const program = project.getProgram().compilerObject;
    disk.remember(program);
    const source = program.getSourceFile(path);
    const node = source && nodeAt(ts, source, span);
    return node && { ts, checker: program.getTypeChecker(), source, node };
  };

  return {
    typeArgument(file, span, report) {
      const found = at(file, span);
      if (!found) return undefined;
      const { ts, checker, node } = found;
      return typeReading(ts, checker, node, (message, hint) => report("type_hole_unsupported", span, message, { hint })).read(
        checker.getTypeAtLocation(node),
        { name: nameOf(ts, node), written: ts.isTypeNode(node) ? node : undefined },
      );
    },
    tool(file, site, report) {
      const found = at(file, site.argument);
      return found && readTool(found, site, report);
    },
    schema(file, expression) {
      const found = at(file, expression);
      if (!found) return undefined;
      const { ts, checker, node } = found;
      const member = (type: tsMorph.ts.Type | undefined, name: string) => {
        const symbol = type && checker.getNonNullableType(type).getProperty(name);
        return symbol && checker.getTypeOfSymbolAtLocation(symbol, node);
      };
      const types = member(member(checker.getTypeAtLocation(node), "~standard"), "types");
      const input = member(types, "input");
      const output = member(types, "output");
      return input && output
        ? { input: printTypescript(ts, checker, input, node), output: printTypescript(ts, checker, output, node) }
        : undefined;
    },
  };
}

interface Opened {
  readonly ts: Ts;
  readonly project: tsMorph.Project;
  readonly disk: ImportedFiles;
}

function openProject(path: string, options: CheckerOptions, root: string): Opened {
  const { Project, ts } = createRequire(import.meta.url)("ts-morph") as typeof tsMorph;
  const found = options.tsconfig ? resolve(root, options.tsconfig) : ts.findConfigFile(dirname(path), ts.sys.fileExists);
  // What is wrong with a tsconfig is tsc's to say.
  const tsconfig = found && !ts.readConfigFile(found, ts.sys.readFile).error ? found : undefined;
  const project = new Project({
    ...(tsconfig
      ? { tsConfigFilePath: tsconfig }
      : { compilerOptions: { strict: true, module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2024 } }),
    // Declarations and output are nobody's question here, and what is imported is found when the checker needs it.
    skipAddingFilesFromTsConfig: true,
    skipFileDependencyResolution: true,
    compilerOptions: { noEmit: true, skipLibCheck: true, strictNullChecks: true },
  });
  return { ts, project, disk: new ImportedFiles(project) };
}

function nodeAt(ts: Ts, source: tsMorph.ts.SourceFile, span: Span): tsMorph.ts.Node | undefined {
  let best: tsMorph.ts.Node | undefined;
  const visit = (node: tsMorph.ts.Node): void => {
    if (node.pos > span.start || node.end < span.end) return;
    if (node.getStart(source) === span.start && node.end === span.end) best ??= node;
    ts.forEachChild(node, visit);
  };
  visit(source);
  return best;
}

/** `Invoice` of `type<Invoice>()`; an object type written in place has no name. */
function nameOf(ts: Ts, node: tsMorph.ts.Node): string | undefined {
  if (!ts.isTypeReferenceNode(node)) return undefined;
  return (ts.isQualifiedName(node.typeName) ? node.typeName.right : node.typeName).text;
}

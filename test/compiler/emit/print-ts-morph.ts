/** A generated module as text, by ts-morph: how a printer that knows all of TypeScript lays it out, for the compiler's own to be held equal to. */
import { IndentationText, type InterfaceDeclarationStructure, Project, QuoteKind, type StatementStructures, StructureKind } from "ts-morph";
import { type Declaration, docLines, type InterfaceDeclaration, type ModuleDeclaration } from "../../../compiler/5-emit/declaration.ts";
import { printDeclaration, propertyName } from "../../../compiler/5-emit/print.ts";

type Statements = (string | StatementStructures)[];

/** One project for any number of modules: making it costs more than printing with it. */
export function createPrinter(): (path: string, module: ModuleDeclaration) => string {
  const project = new Project({
    useInMemoryFileSystem: true,
    skipLoadingLibFiles: true,
    manipulationSettings: { indentationText: IndentationText.TwoSpaces, quoteKind: QuoteKind.Double },
  });
  return (path, module) => {
    const file = project.createSourceFile(path, { statements: structures(module) }, { overwrite: true });
    const text = file.getFullText();
    file.forget();
    return text;
  };
}

function structures(module: ModuleDeclaration): Statements {
  const imports: Statements = module.imports.map(({ from, names, namespace, typeOnly }) => ({
    kind: StructureKind.ImportDeclaration,
    moduleSpecifier: from,
    ...(namespace ? { namespaceImport: namespace } : {}),
    namedImports: [...names],
    isTypeOnly: typeOnly ?? false,
  }));
  return [...module.header.map((line) => `// ${line}`), ...imports, ...module.statements.map(structure)];
}

function structure(statement: Declaration): Statements[number] {
  switch (statement.kind) {
    case "interface":
      return interfaceStructure(statement);
    // As text: ts-morph gives an initializer's lines a hanging indentation of its own, and these are laid out already.
    case "const":
    case "statement":
      return printDeclaration(statement);
    case "augmentation":
      return {
        kind: StructureKind.Module,
        hasDeclareKeyword: true,
        name: JSON.stringify(statement.module),
        declarationKind: "module" as never,
        statements: statement.interfaces.map(interfaceStructure),
      };
  }
}

function interfaceStructure(statement: InterfaceDeclaration): InterfaceDeclarationStructure & { kind: StructureKind.Interface } {
  return {
    kind: StructureKind.Interface,
    isExported: statement.exported,
    name: statement.name,
    docs: docs(statement.doc),
    properties: statement.members.map((member) => ({
      name: propertyName(member.name),
      hasQuestionToken: member.optional,
      type: member.type,
      docs: docs(member.doc),
    })),
  };
}

/** Two lines make ts-morph write the long form; one line the short. */
const docs = (doc: string | undefined): string[] => (docLines(doc).length === 0 ? [] : [docLines(doc).join("\n")]);

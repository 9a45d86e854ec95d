/** A generated module as text. The layout is ts-morph's, whose printer is the tests' second opinion; its own cost was half of `dspexc generate`. */
import {
  type AugmentationDeclaration,
  type Declaration,
  docLines,
  type ImportDeclaration,
  type InterfaceDeclaration,
  type ModuleDeclaration,
} from "./declaration.ts";
import { property } from "./literal.ts";

export function printModule(module: ModuleDeclaration): string {
  const head = [...module.header.map((line) => `// ${line}`), ...module.imports.map(printImport)].join("\n");
  let text = head;
  let previous: Declaration | undefined;
  for (const statement of module.statements) {
    // A blank line around interfaces and modules; other statements stand together.
    const apart = (previous !== undefined && isBlock(previous)) || isBlock(statement);
    text += `${apart ? "\n\n" : "\n"}${printDeclaration(statement)}`;
    previous = statement;
  }
  return `${text}\n`;
}

const isBlock = (statement: Declaration): boolean => statement.kind === "interface" || statement.kind === "augmentation";

function printImport({ from, names, namespace, typeOnly }: ImportDeclaration): string {
  const what = namespace ? `* as ${namespace} from ` : names.length ? `{ ${names.join(", ")} } from ` : "";
  return `import ${typeOnly ? "type " : ""}${what}${JSON.stringify(from)};`;
}

export function printDeclaration(statement: Declaration): string {
  switch (statement.kind) {
    case "interface":
      return printInterface(statement, "");
    case "const":
      return `${printDoc(statement.doc, "")}export const ${statement.name}: ${statement.type} = ${statement.value};`;
    case "statement":
      return `${statement.code};`;
    case "augmentation":
      return printAugmentation(statement);
  }
}

function printInterface(statement: InterfaceDeclaration, indent: string): string {
  const members = statement.members.map(
    (member) =>
      `${printDoc(member.doc, `${indent}  `)}${indent}  ${propertyName(member.name)}${member.optional ? "?" : ""}: ${member.type};\n`,
  );
  return `${printDoc(statement.doc, indent)}${indent}${statement.exported ? "export " : ""}interface ${statement.name} {\n${members.join("")}${indent}}`;
}

function printAugmentation(statement: AugmentationDeclaration): string {
  const interfaces = statement.interfaces.map((item) => printInterface(item, "  ")).join("\n\n");
  return `declare module ${JSON.stringify(statement.module)} {\n${interfaces}\n}`;
}

function printDoc(doc: string | undefined, indent: string): string {
  const lines = docLines(doc);
  if (lines.length === 0) return "";
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} *${line ? ` ${line}` : ""}\n`).join("")}${indent} */\n`;
}

/** In a type, `__proto__` is a name like any other. */
export const propertyName = (name: string): string => (name === "__proto__" ? name : property(name));

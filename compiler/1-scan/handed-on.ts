/** Where one of dspex's functions gets another name or another way in, and the compiler loses track of it. */
import type { Report } from "../diagnostics/report.ts";
import { type ESTree, unwrap } from "./estree.ts";
import { type Declared, lookUp, nameOf, type Scope } from "./scope.ts";

export interface Modules {
  readonly isDspex: (specifier: string) => boolean;
  /** The file is itself an alias module: it may hand dspex's functions on. */
  readonly isAlias: boolean;
  /** One of them stands in every spelling of such a specifier. */
  readonly words: readonly string[];
}

export const FOLLOWED: ReadonlySet<string> = new Set(["sig", "signature", "tool"]);

/** Places where an identifier is a name and not a value: properties, labels, declarations, types. */
export function isNoValue(node: ESTree, parent: ESTree): boolean {
  switch (parent.type) {
    case "MemberExpression":
      return parent.property === node && !parent.computed;
    case "Property":
      return parent.key === node && !parent.computed;
    case "VariableDeclarator":
      return true;
    case "ExportSpecifier":
    case "TSTypeQuery":
    case "TSQualifiedName":
    case "LabeledStatement":
    case "MethodDefinition":
    case "PropertyDefinition":
      return !(parent.type === "PropertyDefinition" && parent.value === node);
    default:
      return parent.type.startsWith("TS") && !/Expression$/.test(parent.type);
  }
}

/** `const s = sig`, `const { sig } = require("dspex")`, `export { sig } from "dspex"`, `export { sig }`. */
export function onHandedOn(node: ESTree, scope: Scope | undefined, modules: Modules, report: Report): void {
  if (modules.isAlias) return;
  const tell = (at: ESTree, name: string) =>
    report(
      "sig_aliased",
      { start: at.start, end: at.end },
      `\`${name}\` gets another way in here, and literals written with it are not compiled.`,
      {
        hint: `Import \`${name}\` from "dspex" where it is used, or list this module in \`aliases\` in dspex.config.ts.`,
      },
    );
  const followed = (declared: Declared | undefined): string | undefined =>
    declared?.kind === "import" && modules.isDspex(declared.specifier) && FOLLOWED.has(declared.imported) ? declared.imported : undefined;
  if (node.type === "ExportNamedDeclaration") {
    const source = node.source as ESTree | null;
    for (const specifier of (node.specifiers as ESTree[]) ?? []) {
      if (node.exportKind === "type" || specifier.exportKind === "type") continue;
      const local = nameOf(specifier.local as ESTree);
      if (source ? modules.isDspex(source.value as string) && FOLLOWED.has(local) : followed(lookUp(scope, local))) tell(specifier, local);
    }
    return;
  }
  const init = node.init ? unwrap(node.init as ESTree) : undefined;
  const id = node.id as ESTree;
  if (!init) return;
  if (init.type === "Identifier" && id.type === "Identifier") {
    const name = followed(lookUp(scope, init.name as string));
    if (name) tell(node, name);
    return;
  }
  if (id.type !== "ObjectPattern" || !opensDspex(init, scope, modules)) {
    if (id.type === "Identifier" && init.type === "MemberExpression" && opensDspex(unwrap(init.object as ESTree), scope, modules)) {
      const name = (init.property as ESTree).name as string;
      if (FOLLOWED.has(name)) tell(node, name);
    }
    return;
  }
  for (const property of id.properties as ESTree[]) {
    const name = property.key ? nameOf(property.key as ESTree) : "";
    if (FOLLOWED.has(name)) tell(property, name);
  }
}

/** `require("dspex")`, `await import("dspex")`, and the name of `import * as d`. */
function opensDspex(node: ESTree, scope: Scope | undefined, modules: Modules): boolean {
  if (node.type === "AwaitExpression") return opensDspex(unwrap(node.argument as ESTree), scope, modules);
  if (node.type === "ImportExpression") return isModule(node.source as ESTree, modules);
  if (node.type === "CallExpression")
    return (node.callee as ESTree).name === "require" && isModule((node.arguments as ESTree[])[0], modules);
  if (node.type !== "Identifier") return false;
  const declared = lookUp(scope, node.name as string);
  return declared?.kind === "import" && declared.imported === "*" && modules.isDspex(declared.specifier);
}

const isModule = (node: ESTree | undefined, modules: Modules): boolean => typeof node?.value === "string" && modules.isDspex(node.value);

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

/** `const s = sig`, `const { sig } = require("dspex")`, `export { sig } from "dspex"`, `export { sig }`, `export * from "dspex"`. */
export function onHandedOn(node: ESTree, scope: Scope | undefined, modules: Modules, report: Report): void {
  if (modules.isAlias) return;
  const tell = (at: ESTree, name: string) => tellLost(at, name, report);
  const followed = (declared: Declared | undefined): string | undefined =>
    declared?.kind === "import" && modules.isDspex(declared.specifier) && FOLLOWED.has(declared.imported) ? declared.imported : undefined;
  if (node.type === "ExportAllDeclaration") {
    if (node.exportKind !== "type" && modules.isDspex((node.source as ESTree).value as string)) tell(node, "sig");
    return;
  }
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
  takenApart(id, report);
}

/** `(await import("dspex")).sig`: known to be dspex's, and yet too late for a build. */
export function onOpened(node: ESTree, scope: Scope | undefined, modules: Modules, report: Report): void {
  if (node.type !== "MemberExpression" || node.computed || !opensDspex(unwrap(node.object as ESTree), scope, modules)) return;
  const name = (node.property as ESTree).name as string;
  if (!FOLLOWED.has(name)) return;
  const message = `\`${name}\` comes from a module opened at run time, and literals written with it are not compiled.`;
  report("sig_aliased", { start: node.start, end: node.end }, message, { hint: `Import \`${name}\` from "dspex" at the top of the file.` });
}

/** The parameter of a function that is handed dspex: a name for all of it, or what is taken of it. */
export function onOpenedParameter(parameter: ESTree | undefined, { names }: Scope, modules: Modules, report: Report): void {
  if (parameter?.type === "Identifier") names.set(parameter.name as string, { kind: "opened" });
  else if (parameter?.type === "ObjectPattern" && !modules.isAlias) takenApart(parameter, report);
}

function takenApart(pattern: ESTree, report: Report): void {
  for (const property of pattern.properties as ESTree[]) {
    const name = property.key ? nameOf(property.key as ESTree) : "";
    if (FOLLOWED.has(name)) tellLost(property, name, report);
  }
}

function tellLost(at: ESTree, name: string, report: Report): void {
  report(
    "sig_aliased",
    { start: at.start, end: at.end },
    `\`${name}\` gets another way in here, and literals written with it are not compiled.`,
    {
      hint: `Import \`${name}\` from "dspex" where it is used, or list this module in \`aliases\` in dspex.config.ts.`,
    },
  );
}

/** The function that is handed what `import("dspex")` opens: its parameter is dspex, or what it takes apart of it. */
export function openedBy(call: ESTree, modules: Modules): ESTree | undefined {
  const callee = unwrap(call.callee as ESTree);
  if (callee.type !== "MemberExpression" || (callee.property as ESTree).name !== "then") return undefined;
  const opened = unwrap(callee.object as ESTree);
  const [then] = call.arguments as ESTree[];
  const takes = then && /Function/.test(unwrap(then).type) && opened.type === "ImportExpression";
  return takes && isModule(opened.source as ESTree, modules) ? unwrap(then) : undefined;
}

/** `require("dspex")`, `await import("dspex")`, a constant that holds one of them, and the name of `import * as d`. */
function opensDspex(node: ESTree, scope: Scope | undefined, modules: Modules): boolean {
  if (node.type === "AwaitExpression") return opensDspex(unwrap(node.argument as ESTree), scope, modules);
  if (node.type === "ImportExpression") return isModule(node.source as ESTree, modules);
  if (node.type === "CallExpression")
    return (node.callee as ESTree).name === "require" && isModule((node.arguments as ESTree[])[0], modules);
  if (node.type !== "Identifier") return false;
  const declared = lookUp(scope, node.name as string);
  if (declared?.kind === "const") {
    const init = declared.init && unwrap(declared.init);
    return init !== undefined && init.type !== "Identifier" && opensDspex(init, scope, modules);
  }
  return declared?.kind === "opened" || (declared?.kind === "import" && declared.imported === "*" && modules.isDspex(declared.specifier));
}

const isModule = (node: ESTree | undefined, modules: Modules): boolean => typeof node?.value === "string" && modules.isDspex(node.value);

/** Who declares a name: enough of JavaScript's scoping to know that `sig` is dspex's `sig`, and that a constant is one. */
import type { ESTree } from "./estree.ts";

export type Declared =
  | { readonly kind: "import"; readonly specifier: string; readonly imported: string }
  | { readonly kind: "const"; readonly init: ESTree | undefined; readonly topLevel: boolean }
  | { readonly kind: "function"; readonly node: ESTree }
  /** dspex as a whole, opened at run time: `import("dspex").then((d) => ...)`. */
  | { readonly kind: "opened" }
  | { readonly kind: "other" };

export interface Scope {
  readonly names: Map<string, Declared>;
  readonly parent: Scope | undefined;
}

export function lookUp(scope: Scope | undefined, name: string): Declared | undefined {
  for (let at = scope; at; at = at.parent) {
    const found = at.names.get(name);
    if (found) return found;
  }
  return undefined;
}

const OTHER: Declared = { kind: "other" };

/** The scope a node opens, with what its own statements declare; the given scope when it opens none. */
export function scopeOf(node: ESTree, outer: Scope | undefined): Scope | undefined {
  switch (node.type) {
    case "Program":
    case "BlockStatement":
    case "StaticBlock":
    case "TSModuleBlock": {
      const scope: Scope = { names: new Map(), parent: outer };
      declareStatements(node.body as ESTree[], scope, node.type === "Program");
      return scope;
    }
    case "SwitchStatement": {
      const scope: Scope = { names: new Map(), parent: outer };
      for (const branch of node.cases as ESTree[]) declareStatements(branch.consequent as ESTree[], scope, false);
      return scope;
    }
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression": {
      const scope: Scope = { names: new Map(), parent: outer };
      const id = node.id as ESTree | null;
      if (node.type === "FunctionExpression" && id) scope.names.set(id.name as string, { kind: "function", node });
      for (const parameter of node.params as ESTree[]) declarePattern(parameter, scope);
      if (node.body) hoistVars(node.body as ESTree, scope);
      return scope;
    }
    case "ForStatement":
    case "ForInStatement":
    case "ForOfStatement": {
      const scope: Scope = { names: new Map(), parent: outer };
      const head = (node.init ?? node.left) as ESTree | null;
      if (head?.type === "VariableDeclaration") for (const d of head.declarations as ESTree[]) declarePattern(d.id as ESTree, scope);
      return scope;
    }
    case "CatchClause": {
      const scope: Scope = { names: new Map(), parent: outer };
      if (node.param) declarePattern(node.param as ESTree, scope);
      return scope;
    }
    case "ClassExpression": {
      const id = node.id as ESTree | null;
      return id ? { names: new Map([[id.name as string, OTHER]]), parent: outer } : outer;
    }
    default:
      return outer;
  }
}

function declareStatements(statements: readonly ESTree[], scope: Scope, program: boolean): void {
  for (const outer of statements) {
    const statement =
      (outer.type === "ExportNamedDeclaration" || outer.type === "ExportDefaultDeclaration"
        ? (outer.declaration as ESTree | null)
        : outer) ?? outer;
    switch (statement.type) {
      case "ImportDeclaration":
        declareImport(statement, scope);
        break;
      case "TSImportEqualsDeclaration":
        declareRequire(statement, scope);
        break;
      case "VariableDeclaration":
        for (const declarator of statement.declarations as ESTree[]) {
          const id = declarator.id as ESTree;
          if (statement.kind === "const" && id.type === "Identifier") {
            scope.names.set(id.name as string, {
              kind: "const",
              init: (declarator.init as ESTree | null) ?? undefined,
              topLevel: program,
            });
          } else declarePattern(id, scope);
        }
        break;
      case "FunctionDeclaration":
      case "TSDeclareFunction":
        if (statement.id) scope.names.set((statement.id as ESTree).name as string, { kind: "function", node: statement });
        break;
      case "ClassDeclaration":
      case "TSEnumDeclaration":
        if (statement.id) scope.names.set((statement.id as ESTree).name as string, OTHER);
        break;
    }
  }
  if (program) for (const statement of statements) hoistVars(statement, scope);
}

function declareImport(node: ESTree, scope: Scope): void {
  if (node.importKind === "type") return;
  const specifier = (node.source as ESTree).value as string;
  for (const item of node.specifiers as ESTree[]) {
    if (item.importKind === "type") continue;
    const imported =
      item.type === "ImportNamespaceSpecifier" ? "*" : item.type === "ImportDefaultSpecifier" ? "default" : nameOf(item.imported as ESTree);
    scope.names.set((item.local as ESTree).name as string, { kind: "import", specifier, imported });
  }
}

/** `import d = require("dspex")`, TypeScript's CommonJS. */
function declareRequire(node: ESTree, scope: Scope): void {
  const from = (node.moduleReference as ESTree).expression as ESTree | undefined;
  if (node.importKind === "type" || typeof from?.value !== "string") return;
  scope.names.set((node.id as ESTree).name as string, { kind: "import", specifier: from.value, imported: "*" });
}

/** An identifier, or a string where modules allow one. */
export const nameOf = (node: ESTree): string => (node.name ?? node.value) as string;

function declarePattern(node: ESTree | null, scope: Scope): void {
  switch (node?.type) {
    case "Identifier":
      scope.names.set(node.name as string, OTHER);
      break;
    case "ObjectPattern":
      for (const property of node.properties as ESTree[]) declarePattern((property.value ?? property.argument) as ESTree, scope);
      break;
    case "ArrayPattern":
      for (const element of node.elements as (ESTree | null)[]) declarePattern(element, scope);
      break;
    case "AssignmentPattern":
      declarePattern(node.left as ESTree, scope);
      break;
    case "RestElement":
      declarePattern(node.argument as ESTree, scope);
      break;
    case "TSParameterProperty":
      declarePattern(node.parameter as ESTree, scope);
      break;
  }
}

/** `var` belongs to the function, wherever it stands in it. */
function hoistVars(node: ESTree, scope: Scope): void {
  switch (node.type) {
    case "VariableDeclaration":
      if (node.kind === "var")
        for (const d of node.declarations as ESTree[])
          if (!scope.names.has(((d.id as ESTree).name as string) ?? "")) declarePattern(d.id as ESTree, scope);
      break;
    case "BlockStatement":
      for (const statement of node.body as ESTree[]) hoistVars(statement, scope);
      break;
    case "SwitchStatement":
      for (const branch of node.cases as ESTree[]) for (const statement of branch.consequent as ESTree[]) hoistVars(statement, scope);
      break;
    default:
      if (!/Statement$|^CatchClause$/.test(node.type)) return;
      for (const key of ["body", "consequent", "alternate", "block", "handler", "finalizer", "init", "left"]) {
        const child = node[key];
        if (
          child &&
          typeof child === "object" &&
          !Array.isArray(child) &&
          /Statement$|^VariableDeclaration$|^CatchClause$/.test((child as ESTree).type)
        )
          hoistVars(child as ESTree, scope);
      }
  }
}

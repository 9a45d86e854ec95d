/** `const Triage = sig(...)`: the declaration a site stands in, and the name its module exports it by. */
import type { ESTree } from "./estree.ts";
import { nameOf } from "./scope.ts";
import type { Declaration } from "./site.ts";

/** From local names to exported ones: `export { a as b }`, `export default a`. */
export function exportedNames(program: ESTree): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const statement of program.body as ESTree[]) {
    if (statement.type === "ExportNamedDeclaration" && !statement.source) {
      for (const specifier of statement.specifiers as ESTree[])
        names.set(nameOf(specifier.local as ESTree), nameOf(specifier.exported as ESTree));
    } else if (statement.type === "ExportDefaultDeclaration" && (statement.declaration as ESTree).type === "Identifier") {
      names.set((statement.declaration as ESTree).name as string, "default");
    }
  }
  return names;
}

/** `path` are a node's ancestors, the nearest last. Only what the declarator's value *is* counts, not what is inside it. */
export function declarationOf(path: readonly ESTree[], exported: ReadonlyMap<string, string>): Declaration | undefined {
  let i = path.length - 1;
  while (i >= 0 && /^TS(?:As|Satisfies|NonNull)Expression$|^TSTypeAssertion$/.test(path[i]!.type)) i--;
  const holder = path[i];
  const outer = path[i - 1];
  const above = path[i - 2];
  if (holder?.type === "ExportDefaultDeclaration")
    return { name: "default", exported: "default", topLevel: true, statement: { start: holder.start, end: holder.end } };
  if (holder?.type !== "VariableDeclarator" || (holder.id as ESTree).type !== "Identifier" || outer?.type !== "VariableDeclaration")
    return undefined;
  const name = (holder.id as ESTree).name as string;
  const isExported = above?.type === "ExportNamedDeclaration";
  const statement = isExported ? above : outer;
  const topLevel = isExported || above?.type === "Program";
  return {
    name,
    exported: isExported ? name : topLevel ? exported.get(name) : undefined,
    topLevel,
    statement: { start: statement.start, end: statement.end },
  };
}

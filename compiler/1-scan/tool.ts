/** `tool(fn)`: which function, and what it is called. Its types are read by `checker.ts`, when somebody asks for them. */
import type { Report } from "../diagnostics/report.ts";
import { declarationOf } from "./declaration.ts";
import { type ESTree, unwrap } from "./estree.ts";
import { lookUp, type Scope } from "./scope.ts";
import type { ToolSite } from "./site.ts";

export function toolSite(
  node: ESTree,
  path: readonly ESTree[],
  exported: ReadonlyMap<string, string>,
  scope: Scope | undefined,
  report: Report,
): ToolSite | undefined {
  const [first, second] = node.arguments as ESTree[];
  const span = { start: node.start, end: node.end };
  if (!first || first.type === "SpreadElement") {
    report("tool_not_function", span, "`tool` needs a function.", { hint: "Write `tool(search)`." });
    return undefined;
  }
  const argument = unwrap(first);
  // `tool({ name, description, input, run })` says everything itself and is not compiled.
  if (argument.type === "ObjectExpression") return undefined;
  const declaration = declarationOf(path, exported);
  const name = functionName(argument, scope) ?? (declaration?.name === "default" ? undefined : declaration?.name);
  if (name === undefined) {
    report("tool_anonymous", span, "This tool has no name, and the model calls tools by name.", {
      hint: "Give the function a name, or declare it: `const search = tool(...)`.",
    });
    return undefined;
  }
  return {
    kind: "tool",
    name,
    span,
    argument: { start: first.start, end: first.end },
    options: second && { start: second.start, end: second.end },
    declaration,
    spec: undefined,
  };
}

/** The function's own name, as Python's `__name__` would say it. */
function functionName(node: ESTree, scope: Scope | undefined): string | undefined {
  switch (node.type) {
    case "FunctionExpression":
      return ((node.id as ESTree | null)?.name as string | undefined) ?? undefined;
    case "Identifier": {
      const declared = lookUp(scope, node.name as string);
      return declared?.kind === "const" && declared.init
        ? (functionName(unwrap(declared.init), undefined) ?? (node.name as string))
        : (node.name as string);
    }
    case "MemberExpression":
      return node.computed ? undefined : ((node.property as ESTree).name as string | undefined);
    case "CallExpression": {
      // `search.bind(api)`
      const callee = unwrap(node.callee as ESTree);
      return callee.type === "MemberExpression" && (callee.property as ESTree).name === "bind"
        ? functionName(unwrap(callee.object as ESTree), scope)
        : undefined;
    }
    default:
      return undefined;
  }
}

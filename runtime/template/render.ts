/** The interpreter: walks a template's tree over a context. */
import type { Expression, PathExpression, TemplateAst, TemplateNode } from "./ast.ts";
import { compare } from "./compare.ts";
import { type Context, entriesOf, print, readPath, type Scope, truth } from "./value.ts";

export function render(template: TemplateAst, context: Context): string {
  const out: string[] = [];
  walk(template.text, template.nodes, { own: context, outer: undefined }, out);
  return out.join("");
}

function walk(text: string, nodes: readonly TemplateNode[], scope: Scope, out: string[]): void {
  for (const node of nodes) {
    switch (node.kind) {
      case "text":
        out.push(node.text);
        break;
      case "output":
        out.push(
          node.value.kind === "path"
            ? print(text, node.value, evaluate(text, node.value, scope, false))
            : constantText(evaluate(text, node.value, scope, true)),
        );
        break;
      case "if":
        walk(
          text,
          node.branches.find(({ condition }) => truth(evaluate(text, condition, scope, true)))?.body ?? node.otherwise,
          scope,
          out,
        );
        break;
      case "for": {
        const path = node.list as PathExpression;
        const entries = entriesOf(text, path, readPath(text, path, scope, false));
        if (entries.length === 0) walk(text, node.otherwise, scope, out);
        for (const [key, item] of entries)
          walk(
            text,
            node.body,
            { own: node.key === undefined ? { [node.item]: item } : { [node.key]: key, [node.item]: item }, outer: scope },
            out,
          );
      }
    }
  }
}

function evaluate(text: string, expression: Expression, scope: Scope, optional: boolean): unknown {
  switch (expression.kind) {
    case "path":
      return readPath(text, expression, scope, optional);
    case "constant":
      return expression.value;
    case "not":
      return !truth(evaluate(text, expression.value, scope, optional));
    case "and":
      return truth(evaluate(text, expression.left, scope, optional)) && truth(evaluate(text, expression.right, scope, optional));
    case "or":
      return truth(evaluate(text, expression.left, scope, optional)) || truth(evaluate(text, expression.right, scope, optional));
    case "compare":
      return compare(
        expression.operator,
        evaluate(text, expression.left, scope, optional),
        evaluate(text, expression.right, scope, optional),
      );
  }
}

function constantText(value: unknown): string {
  return value === null ? "" : String(value);
}

/** A template as one arrow function: text and calls of the runtime's reader, joined by `+`. */
import type { Expression, PathExpression, TemplateAst, TemplateNode } from "../../runtime/abi.ts";

export function templateExpression({ text, nodes, names }: TemplateAst, abi: string): string {
  const list = `[${names.map(({ name }) => JSON.stringify(name)).join(", ")}]`;
  return `${abi}.compiledTemplate(${JSON.stringify(text)}, ${list}, (t, c) =>\n  ${joined(nodes, "  ")})`;
}

/** One piece a line; without pieces an empty text. */
function joined(nodes: readonly TemplateNode[], indent: string): string {
  return nodes.map((node) => piece(node, indent)).join(` +\n${indent}`) || '""';
}

function piece(node: TemplateNode, indent: string): string {
  const inner = `${indent}  `;
  switch (node.kind) {
    case "text":
      return JSON.stringify(node.text);
    case "output":
      return node.value.kind === "path" ? `t.text(c, ${place(node.value)})` : `String(${value(node.value)} ?? "")`;
    case "if": {
      const arms = node.branches.map(({ condition, body }) => `${truth(condition)}\n${inner}? ${joined(body, `${inner}  `)}\n${inner}: `);
      return `(${arms.join("")}${joined(node.otherwise, `${inner}  `)})`;
    }
    case "for": {
      const bind = `[${JSON.stringify(node.key ?? null)}, ${JSON.stringify(node.item)}]`;
      const arms = `(c) =>\n${inner}${joined(node.body, inner)}, () => ${joined(node.otherwise, inner)}`;
      return `t.each(c, [${place(node.list as PathExpression)}], ${bind}, ${arms})`;
    }
  }
}

function place({ span, name, fields }: PathExpression): string {
  return [span.start, span.end, ...[name, ...fields].map((part) => JSON.stringify(part))].join(", ");
}

function truth(expression: Expression): string {
  const code = value(expression);
  return expression.kind === "path" || expression.kind === "constant" ? `t.truth(${code})` : code;
}

function value(expression: Expression): string {
  switch (expression.kind) {
    case "path":
      return `t.peek(c, ${place(expression)})`;
    case "constant":
      return JSON.stringify(expression.value);
    case "not":
      return `!${truth(expression.value)}`;
    case "and":
      return `(${truth(expression.left)} && ${truth(expression.right)})`;
    case "or":
      return `(${truth(expression.left)} || ${truth(expression.right)})`;
    case "compare":
      return `t.compare(${JSON.stringify(expression.operator)}, ${value(expression.left)}, ${value(expression.right)})`;
  }
}

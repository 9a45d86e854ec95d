/** The text an expression is known to have at build time: literals, `+` between them, constants of the file. */
import type { Source, Span } from "../source.ts";
import { CookedText, cook } from "./cook.ts";
import { type ESTree, unwrap } from "./estree.ts";
import { lookUp, type Scope } from "./scope.ts";

/** A hole as the text sees it; what it means is the caller's business. */
export interface OpenHole {
  readonly at: number;
  readonly span: Span;
  readonly expression: ESTree;
}

export interface Folded extends Pick<Source, "text" | "offsets" | "ends"> {
  readonly holes: readonly OpenHole[];
  /** The one literal all of the text stands in, quotes included. */
  readonly literal: Span | undefined;
}

/** Why an expression is no text at build time, and where. */
export interface Unfoldable {
  readonly node: ESTree;
  readonly reason: string;
  readonly badEscape?: boolean;
}

export function fold(expression: ESTree, file: string, scope: Scope | undefined, hole: string): Folded | Unfoldable {
  const text = new CookedText();
  const holes: OpenHole[] = [];
  const problem = append(unwrap(expression), { file, scope, hole, text, holes, known: new Map() });
  if (problem) return problem;
  const literal = unwrap(expression);
  const whole = isLiteral(literal);
  return {
    text: text.text,
    ...text.places(whole ? literal.end - 1 : expression.end),
    holes,
    literal: whole ? { start: literal.start, end: literal.end } : undefined,
  };
}

const isLiteral = (node: ESTree): boolean => node.type === "TemplateLiteral" || (node.type === "Literal" && typeof node.value === "string");

interface Folding {
  readonly file: string;
  readonly scope: Scope | undefined;
  readonly hole: string;
  readonly text: CookedText;
  readonly holes: OpenHole[];
  readonly known: Known;
}

/** What constants have turned out to be: each is looked at once, so that `b = a + a; c = b + b; ...` stays cheap. */
type Known = Map<ESTree, string | { readonly reason: string }>;
/** Twice what a literal may hold; nothing longer is worth joining. */
const LONGEST = 128 * 1024;

function append(node: ESTree, folding: Folding): Unfoldable | undefined {
  const { file, scope, text, known } = folding;
  if (node.type === "Literal" && typeof node.value === "string") {
    cook(file, node.start + 1, node.end - 1, false, text);
    return undefined;
  }
  if (node.type === "TemplateLiteral") return appendTemplate(node, folding);
  if (node.type === "BinaryExpression" && node.operator === "+") {
    // A chain of additions leans to the left, so it is walked as a list: thousands of them are no deep recursion.
    const operands: ESTree[] = [];
    let at = node;
    for (; at.type === "BinaryExpression" && at.operator === "+"; at = unwrap(at.left as ESTree)) operands.push(unwrap(at.right as ESTree));
    operands.push(at);
    for (const operand of operands.reverse()) {
      const problem = append(operand, folding);
      if (problem) return problem;
    }
    return undefined;
  }
  const value = constantText(node, scope, known);
  if (typeof value === "string") {
    text.add(value, node.start, node.end);
    return undefined;
  }
  return { node, reason: value.reason };
}

function appendTemplate(node: ESTree, folding: Folding): Unfoldable | undefined {
  const { file, scope, text, holes, known } = folding;
  const expressions = node.expressions as ESTree[];
  for (const [i, quasi] of (node.quasis as ESTree[]).entries()) {
    // oxc's template elements reach from the backtick or brace before them to the one behind them.
    const start = quasi.start + 1;
    const end = quasi.end - (quasi.tail ? 1 : 2);
    const bad = cook(file, start, end, true, text);
    if (bad !== undefined)
      return {
        node: { type: "Escape", start: bad, end: Math.min(bad + 2, end) },
        reason: "JavaScript cannot read this escape",
        badEscape: true,
      };
    const expression = expressions[i];
    if (!expression) continue;
    const span = { start: end, end: ((node.quasis as ESTree[])[i + 1] as ESTree).start + 1 };
    const value = constantText(unwrap(expression), scope, known);
    if (typeof value === "string") text.add(value, span.start, span.end);
    else {
      holes.push({ at: text.text.length, span, expression });
      text.add(folding.hole, span.start, span.end);
    }
  }
  return undefined;
}

/** The text of a constant: a literal, or a name that a `const` of this file gives to one. */
function constantText(node: ESTree, scope: Scope | undefined, known: Known): string | { readonly reason: string } {
  const found = known.get(node);
  if (found !== undefined) return found;
  known.set(node, { reason: "its constants refer to each other" });
  let value = evaluate(node, scope, known);
  if (typeof value === "string" && value.length > LONGEST) value = { reason: "it is too long" };
  known.set(node, value);
  return value;
}

function evaluate(node: ESTree, scope: Scope | undefined, known: Known): string | { readonly reason: string } {
  const join = (parts: readonly ESTree[]): string | { readonly reason: string } => {
    let whole = "";
    for (const part of parts) {
      const value = constantText(unwrap(part), scope, known);
      if (typeof value !== "string") return value;
      whole += value;
    }
    return whole;
  };
  switch (node.type) {
    case "Literal":
      return typeof node.value === "string" || typeof node.value === "number" ? String(node.value) : { reason: "it is no text" };
    case "TemplateLiteral": {
      let whole = "";
      for (const [i, quasi] of (node.quasis as { readonly value: { readonly cooked: string | null } }[]).entries()) {
        const expression = (node.expressions as ESTree[])[i];
        const value = expression ? constantText(unwrap(expression), scope, known) : "";
        if (typeof value !== "string") return value;
        whole += (quasi.value.cooked ?? "") + value;
      }
      return whole;
    }
    case "BinaryExpression":
      return node.operator === "+" ? join([node.left as ESTree, node.right as ESTree]) : { reason: "it is computed" };
    case "UnaryExpression": {
      const operand = unwrap(node.argument as ESTree);
      return node.operator === "-" && typeof operand.value === "number" ? `-${operand.value}` : { reason: "it is computed" };
    }
    case "Identifier": {
      const name = node.name as string;
      const declared = lookUp(scope, name);
      if (declared?.kind === "const" && declared.init) return constantText(unwrap(declared.init), scope, known);
      if (declared?.kind === "import") return { reason: `\`${name}\` is imported, and only constants of the same file are known` };
      return { reason: declared ? `\`${name}\` is not a \`const\` with a text` : `nothing in this file declares \`${name}\`` };
    }
    default:
      return { reason: "it is computed at run time" };
  }
}

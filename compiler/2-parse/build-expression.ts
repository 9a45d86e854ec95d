/** Python expressions: exact where a type or a constant could stand, `other` for the rest. */
import type { CstNode, IToken } from "chevrotain";
import type { Report } from "../diagnostics/report.ts";
import type { Span } from "../source.ts";
import type { ArgumentNode, BytesNode, ExpressionNode, OtherNode, StringNode } from "./ast.ts";
import { readNumeral } from "./numeral.ts";
import { bytesRepr, readText } from "./text-literal.ts";
import { identifier, nodes, spanOf, spanOfTokens, tokens } from "./tree.ts";

export function buildExpression(cst: CstNode, report: Report): ExpressionNode {
  const primaries = nodes(cst, "primary");
  const operators = nodes(cst, "operator");
  const prefixes = nodes(cst, "prefix");
  if (operators.length === 0 && prefixes.length === 0) return buildPrimary(primaries[0]!, report);
  const operands = primaries.map((p) => buildPrimary(p, report));
  if (prefixes.length === 0 && operators.every((o) => tokens(o, "Pipe").length)) {
    return operands.reduce((left, right) => ({ kind: "union", left, right, span: { start: left.span.start, end: right.span.end } }));
  }
  const span = spanOf(cst);
  if (operators.length === 0 && prefixes.length === 1 && tokens(prefixes[0]!, "Minus").length)
    return { kind: "negative", operand: operands[0]!, span };
  const count = (name: string) => operators.filter((o) => tokens(o, name).length).length;
  // In a comprehension `if` filters and has no `else`; its clauses are built by nobody, so they never come here.
  if (count("If") !== count("Else")) {
    report("syntax_unexpected", span, "`if` and `else` stand together in a Python expression.");
    return other(undefined, span);
  }
  return other(describeOperation(prefixes, operators), span);
}

function describeOperation(prefixes: readonly CstNode[], operators: readonly CstNode[]): string {
  const prefix = prefixes[0];
  if (prefix && nodes(prefix, "lambda").length) return "a lambda";
  if (operators.some((o) => tokens(o, "If").length)) return "a condition";
  const sign = operators[0] ?? prefix!;
  return `\`${Object.values(sign.children)
    .flat()
    .map((t) => (t as IToken).image)
    .join(" ")}\``;
}

function buildPrimary(cst: CstNode, report: Report): ExpressionNode {
  const trailers = nodes(cst, "trailer");
  let built = buildAtom(cst, report);
  for (const trailer of trailers) built = buildTrailer(built, trailer, report);
  return built;
}

function buildAtom(cst: CstNode, report: Report): ExpressionNode {
  const name = tokens(cst, "Name")[0];
  if (name) return { kind: "name", name: identifier(name), span: spanOfTokens(name, name) };
  const text = tokens(cst, "Text");
  if (text.length) return buildText(text, report);
  const group = nodes(cst, "group")[0] ?? nodes(cst, "list")[0] ?? nodes(cst, "braces")[0];
  if (group) return buildBracketed(group, report);
  const token = Object.values(cst.children)[0]![0] as IToken;
  const span = spanOfTokens(token, token);
  switch (token.tokenType.name) {
    case "Numeral": {
      const numeral = readNumeral(token.image);
      if (!("problem" in numeral)) return { kind: "number", type: numeral.type, text: numeral.text, span };
      report("number_invalid", span, `\`${token.image}\` is not a number: ${numeral.problem}.`);
      return other(undefined, span);
    }
    case "Hole":
      return { kind: "hole", at: token.startOffset, span };
    case "Ellipsis":
      return { kind: "ellipsis", span };
    default:
      return { kind: "keyword", value: token.image === "None" ? null : token.image === "True", span };
  }
}

/** Adjacent literals are one, as in Python. */
export function buildText(parts: readonly IToken[], report: Report): StringNode | BytesNode | OtherNode {
  const span = spanOfTokens(parts[0]!, parts[parts.length - 1]!);
  const read = parts.map((part) => {
    const text = readText(part.image);
    if (text.problem) {
      const start = part.startOffset + text.problem.at;
      report("string_escape", { start, end: start + text.problem.length }, text.problem.message);
    }
    return text;
  });
  if (read.some((t) => t.kind === "bytes")) {
    if (read.some((t) => t.kind !== "bytes")) {
      report("syntax_unexpected", span, "Text and bytes cannot be joined.");
      return other(undefined, span);
    }
    return { kind: "bytes", text: bytesRepr(read.map((t) => t.value).join("")), span };
  }
  if (read.some((t) => t.kind === "format")) return other("a formatted string", span);
  return { kind: "string", value: read.length === 1 ? read[0]!.value : read.map((t) => t.value).join(""), span };
}

function buildTrailer(object: ExpressionNode, trailer: CstNode, report: Report): ExpressionNode {
  const subscript = nodes(trailer, "subscript")[0];
  if (subscript) return buildSubscript(object, subscript, report);
  const call = nodes(trailer, "call")[0];
  if (call) {
    const close = tokens(call, "RightParen")[0]!;
    return {
      kind: "call",
      callee: object,
      args: buildArguments(call, report),
      span: { start: object.span.start, end: close.startOffset + 1 },
    };
  }
  const name = tokens(trailer, "Name")[0]!;
  return {
    kind: "attribute",
    object,
    name: identifier(name),
    span: { start: object.span.start, end: spanOfTokens(name, name).end },
  };
}

function buildSubscript(object: ExpressionNode, cst: CstNode, report: Report): ExpressionNode {
  const open = tokens(cst, "LeftBracket")[0]!;
  const close = tokens(cst, "RightBracket")[0]!;
  const commas = tokens(cst, "Comma");
  const slices = nodes(cst, "slice");
  const span = { start: object.span.start, end: close.startOffset + 1 };
  const items: ExpressionNode[] = [];
  for (const [i, slice] of slices.entries()) {
    const empty = Object.keys(slice.children).length === 0;
    if (empty && i > 0 && i === slices.length - 1) continue;
    if (empty) {
      const at = slices.length === 1 ? spanOfTokens(open, close) : spanOfTokens(commas[i] ?? commas[i - 1]!, commas[i] ?? commas[i - 1]!);
      report("type_arguments", at, slices.length === 1 ? "The brackets are empty." : "A type is missing before this comma.", {
        hint: slices.length === 1 ? "A list of T is written `list[T]`." : undefined,
      });
      return other(undefined, span);
    }
    items.push(tokens(slice, "Colon").length ? other("a slice", spanOf(slice)) : buildItem(nodes(slice, "item")[0]!, report));
  }
  const index: ExpressionNode =
    items.length === 1 && commas.length === 0
      ? items[0]!
      : { kind: "tuple", items, span: { start: open.startOffset + 1, end: close.startOffset } };
  return { kind: "subscript", object, index, span };
}

function buildItem(item: CstNode, report: Report): ExpressionNode {
  if (tokens(item, "Walrus").length) return other("an assignment", spanOf(item));
  const value = buildExpression(nodes(item, "expression")[0]!, report);
  return tokens(item, "Star").length ? other("an unpacked value", spanOf(item)) : value;
}

function buildArguments(cst: CstNode, report: Report): ArgumentNode[] {
  let named = false;
  let unpacked = false;
  const list = nodes(cst, "argument");
  return list.map((argument) => {
    const span = spanOf(argument);
    const name = tokens(argument, "Name")[0];
    const doubled = tokens(argument, "StarStar").length > 0;
    const item = nodes(argument, "item")[0];
    const star = doubled || (item !== undefined && tokens(item, "Star").length > 0);
    if (item && (star ? unpacked : named || unpacked))
      report("syntax_unexpected", span, "A value without a name stands after one with a name.");
    named ||= name !== undefined;
    unpacked ||= doubled;
    if (item && nodes(argument, "comprehension").length) {
      if (list.length > 1) report("syntax_unexpected", span, "A generator among other arguments needs parentheses.");
      return { keyword: undefined, keywordSpan: undefined, star, value: other("a comprehension", span), span };
    }
    const value = item ? buildItem(item, report) : buildExpression(nodes(argument, "expression")[0]!, report);
    return { keyword: name && identifier(name), keywordSpan: name && spanOfTokens(name, name), star, value, span };
  });
}

/** `(...)`, `[...]`, `{...}`. */
function buildBracketed(cst: CstNode, report: Report): ExpressionNode {
  const kind = cst.name === "group" ? "Paren" : cst.name === "list" ? "Bracket" : "Brace";
  const span = spanOfTokens(tokens(cst, `Left${kind}`)[0]!, tokens(cst, `Right${kind}`)[0]!);
  if (nodes(cst, "yielded").length) return other("a yield", span);
  if (cst.name === "braces") return buildBraces(cst, span, report);
  const list = nodes(cst, "items")[0];
  const items = list ? nodes(list, "item").map((item) => buildItem(item, report)) : [];
  if (list && nodes(list, "comprehension").length) return other("a comprehension", span);
  if (cst.name === "list") return { kind: "list", set: false, items, span };
  if (list && items.length === 1 && tokens(list, "Comma").length === 0) {
    if (tokens(nodes(list, "item")[0]!, "Star").length === 0) return items[0]!;
    report("syntax_unexpected", span, "An unpacked value cannot stand here.");
    return other(undefined, span);
  }
  return { kind: "tuple", items, span };
}

function buildBraces(cst: CstNode, span: Span, report: Report): ExpressionNode {
  if (nodes(cst, "comprehension").length) return other("a comprehension", span);
  const entries = nodes(cst, "entry");
  if (entries.some((e) => tokens(e, "StarStar").length)) return other("an unpacked dict", span);
  const pairs = entries.map((e) => [buildItem(nodes(e, "item")[0]!, report), nodes(e, "expression")[0]] as const);
  if (pairs.every(([, value]) => value))
    return { kind: "dict", entries: pairs.map(([key, value]) => [key, buildExpression(value!, report)] as const), span };
  if (pairs.some(([, value]) => value)) {
    report("syntax_unexpected", span, "Braces hold either pairs or single values.");
    return other(undefined, span);
  }
  return { kind: "list", set: true, items: pairs.map(([key]) => key), span };
}

function other(what: string | undefined, span: Span): OtherNode {
  return { kind: "other", what, span };
}

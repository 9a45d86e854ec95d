/** What the rules of `python-expression.ts` make of their tokens: exact where a type or a constant could stand, `other` for the rest. */
import type { IToken } from "chevrotain";
import type { Report } from "../diagnostics/report.ts";
import type { Span } from "../source.ts";
import type { ArgumentNode, BytesNode, ExpressionNode, OtherNode, StringNode } from "./ast.ts";
import { readNumeral } from "./numeral.ts";
import { bytesRepr, readText } from "./text-literal.ts";
import { identifier, spanOfTokens } from "./token-text.ts";

/** An expression that is not one operand alone; operators by their words. */
export interface Operation {
  readonly prefixes: string[];
  readonly operators: string[];
  readonly operands: ExpressionNode[];
}

/** In a comprehension `if` filters and has no `else`. */
export function buildOperation({ prefixes, operators, operands }: Operation, span: Span, filters: boolean, report: Report): ExpressionNode {
  if (prefixes.length === 0 && operators.every((operator) => operator === "|")) {
    return operands.reduce((left, right) => ({ kind: "union", left, right, span: { start: left.span.start, end: right.span.end } }));
  }
  if (operators.length === 0 && prefixes.length === 1 && prefixes[0] === "-") return { kind: "negative", operand: operands[0]!, span };
  const count = (word: string) => operators.filter((operator) => operator === word).length;
  if (!filters && count("if") !== count("else")) {
    report("syntax_unexpected", span, "`if` and `else` stand together in a Python expression.");
    return other(undefined, span);
  }
  if (prefixes[0] === "lambda") return other("a lambda", span);
  return other(count("if") > 0 ? "a condition" : `\`${operators[0] ?? prefixes[0]}\``, span);
}

export function buildName(token: IToken): ExpressionNode {
  return { kind: "name", name: identifier(token), span: spanOfTokens(token, token) };
}

export function buildNumber(token: IToken, report: Report): ExpressionNode {
  const span = spanOfTokens(token, token);
  const numeral = readNumeral(token.image);
  if (!("problem" in numeral)) return { kind: "number", type: numeral.type, text: numeral.text, span };
  report("number_invalid", span, `\`${token.image}\` is not a number: ${numeral.problem}.`);
  return other(undefined, span);
}

export function buildKeyword(token: IToken, value: boolean | null): ExpressionNode {
  return { kind: "keyword", value, span: spanOfTokens(token, token) };
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

export function buildAttribute(object: ExpressionNode, name: IToken): ExpressionNode {
  return { kind: "attribute", object, name: identifier(name), span: { start: object.span.start, end: spanOfTokens(name, name).end } };
}

/** Between two commas of a subscript; where there is nothing, the token that stands behind it. */
export type Slice = ExpressionNode | { readonly kind: "missing"; readonly before: IToken };

export function buildSubscript(
  object: ExpressionNode,
  open: IToken,
  slices: readonly Slice[],
  close: IToken,
  report: Report,
): ExpressionNode {
  const span = { start: object.span.start, end: close.startOffset + 1 };
  const items: ExpressionNode[] = [];
  for (const [i, slice] of slices.entries()) {
    if (slice.kind !== "missing") items.push(slice);
    else if (i === 0 || i < slices.length - 1) {
      const alone = slices.length === 1;
      const at = alone ? spanOfTokens(open, close) : spanOfTokens(slice.before, slice.before);
      report("type_arguments", at, alone ? "The brackets are empty." : "A type is missing before this comma.", {
        hint: alone ? "A list of T is written `list[T]`." : undefined,
      });
      return other(undefined, span);
    }
  }
  const index: ExpressionNode =
    slices.length === 1 ? items[0]! : { kind: "tuple", items, span: { start: open.startOffset + 1, end: close.startOffset } };
  return { kind: "subscript", object, index, span };
}

const UNPACKED = "an unpacked value";

export function buildItem(value: ExpressionNode, starred: boolean, assigned: boolean, span: Span): ExpressionNode {
  if (starred) return other(UNPACKED, span);
  return assigned ? other("an assignment", span) : value;
}

/** What is known of a call's arguments so far; their order is Python's. */
export interface Arguments {
  readonly list: ArgumentNode[];
  named: boolean;
  unpacked: boolean;
  generator: Span | undefined;
}

export function addNamed(to: Arguments, name: IToken, value: ExpressionNode, span: Span): void {
  to.named = true;
  to.list.push({ keyword: identifier(name), keywordSpan: spanOfTokens(name, name), star: false, value, span });
}

/** `**x`. */
export function addUnpacked(to: Arguments, value: ExpressionNode, span: Span): void {
  to.unpacked = true;
  to.list.push({ keyword: undefined, keywordSpan: undefined, star: true, value, span });
}

export function addPlain(to: Arguments, item: ExpressionNode, generator: boolean, span: Span, report: Report): void {
  const star = item.kind === "other" && item.what === UNPACKED;
  if (star ? to.unpacked : to.named || to.unpacked)
    report("syntax_unexpected", span, "A value without a name stands after one with a name.");
  if (generator) to.generator ??= span;
  to.list.push({ keyword: undefined, keywordSpan: undefined, star, value: generator ? other("a comprehension", span) : item, span });
}

export function buildCall(callee: ExpressionNode, { list, generator }: Arguments, close: IToken, report: Report): ExpressionNode {
  if (generator && list.length > 1) report("syntax_unexpected", generator, "A generator among other arguments needs parentheses.");
  return { kind: "call", callee, args: list, span: { start: callee.span.start, end: close.startOffset + 1 } };
}

/** What stands between brackets. */
export interface Items {
  readonly list: ExpressionNode[];
  /** Behind an item, so that one in parentheses is a tuple. */
  comma: boolean;
  comprehension: boolean;
}

export function buildGroup(items: Items | "yield" | undefined, span: Span, report: Report): ExpressionNode {
  if (items === "yield") return other("a yield", span);
  if (items?.comprehension) return other("a comprehension", span);
  const only = items?.list.length === 1 && !items.comma ? items.list[0]! : undefined;
  if (!only) return { kind: "tuple", items: items?.list ?? [], span };
  if (only.kind !== "other" || only.what !== UNPACKED) return only;
  report("syntax_unexpected", span, "An unpacked value cannot stand here.");
  return other(undefined, span);
}

export function buildList(items: Items | undefined, span: Span): ExpressionNode {
  if (items?.comprehension) return other("a comprehension", span);
  return { kind: "list", set: false, items: items?.list ?? [], span };
}

/** A member of a set, a pair of a dict, or `**x`, which has no key. */
export interface BraceEntry {
  readonly key: ExpressionNode | undefined;
  readonly value: ExpressionNode | undefined;
}

export function buildBraces(entries: readonly BraceEntry[], comprehension: boolean, span: Span, report: Report): ExpressionNode {
  if (comprehension) return other("a comprehension", span);
  if (entries.some(({ key }) => !key)) return other("an unpacked dict", span);
  const pairs = entries.map(({ key, value }) => [key!, value!] as const);
  if (pairs.every(([, value]) => value)) return { kind: "dict", entries: pairs, span };
  if (pairs.some(([, value]) => value)) {
    report("syntax_unexpected", span, "Braces hold either pairs or single values.");
    return other(undefined, span);
  }
  return { kind: "list", set: true, items: pairs.map(([key]) => key), span };
}

export function other(what: string | undefined, span: Span): OtherNode {
  return { kind: "other", what, span };
}

/** What the rules of `grammar.ts` make of their tokens: docstring, fields, and the order of Python's parameters. */
import type { IToken } from "chevrotain";
import type { Report } from "../diagnostics/report.ts";
import type { Span } from "../source.ts";
import type { ExpressionNode, FieldNode, ParameterNode, StringNode } from "./ast.ts";
import { buildText } from "./build-expression.ts";
import { identifier, spanOfTokens } from "./token-text.ts";

export function buildDocstring(parts: readonly IToken[], report: Report): StringNode | undefined {
  if (parts.length === 0) return undefined;
  const single = parts.find((t) => !/^[rRuU]?(?:"""|''')/.test(t.image));
  if (single) {
    report("docstring_quotes", spanOfTokens(single, single), "Instructions stand in triple quotes in front of the fields.", {
      hint: `Write """${single.image.replace(/^\w*["']|["']$/g, "")}""".`,
    });
    return undefined;
  }
  const text = buildText(parts, report);
  return text.kind === "string" ? text : undefined;
}

/** One entry of a side as it is read, before those around it are known. */
export type Parameter = Exclude<ParameterNode, { readonly kind: "star" }> | { readonly kind: "slash"; readonly span: Span } | Variadic;

/** `*`, `*args`, `**kwargs`. */
interface Variadic {
  readonly kind: "variadic";
  readonly double: boolean;
  readonly name: string | undefined;
  readonly span: Span;
}

/** One side. */
export function buildParameters(list: readonly Parameter[], report: Report): ParameterNode[] {
  const built: ParameterNode[] = [];
  const seen: Seen = { slash: false, star: undefined, rest: undefined, defaulted: undefined };
  for (let i = 0; i < list.length; i++) {
    const parameter = list[i]!;
    if (seen.rest !== undefined) report("parameter_order", parameter.span, `Nothing can follow \`**${seen.rest}\`.`);
    else if (parameter.kind === "field") built.push(placed(parameter, seen, report));
    else if (parameter.kind === "slash") markPositionalOnly(built, seen, parameter.span, report);
    else if (parameter.kind === "splice") built.push(parameter);
    else addVariadic(parameter, seen, list[i + 1]?.kind !== "field", built, report);
  }
  return built;
}

interface Seen {
  slash: boolean;
  star: string | undefined;
  rest: string | undefined;
  defaulted: string | undefined;
}

function placed(field: FieldNode, seen: Seen, report: Report): FieldNode {
  if (field.default) seen.defaulted = field.name;
  else if (seen.defaulted !== undefined && seen.star === undefined) {
    report("parameter_order", field.nameSpan, `\`${field.name}\` has no default but stands after \`${seen.defaulted}\`, which has one.`, {
      hint: "Python, and so DSPy, wants the fields with defaults last.",
    });
  }
  return seen.star === undefined ? field : { ...field, ignored: "keyword-only" };
}

export function buildField(
  token: IToken,
  type: ExpressionNode | undefined,
  described: readonly IToken[] | undefined,
  fallback: ExpressionNode | undefined,
  report: Report,
): FieldNode {
  const nameSpan = spanOfTokens(token, token);
  const description = described && describe(described, report);
  const last = fallback?.span ?? description?.span ?? type?.span ?? nameSpan;
  return {
    kind: "field",
    name: identifier(token),
    nameSpan,
    type,
    description,
    default: fallback,
    ignored: undefined,
    span: { start: nameSpan.start, end: last.end },
  };
}

function describe(parts: readonly IToken[], report: Report): StringNode | undefined {
  const text = buildText(parts, report);
  if (text.kind === "string") return text;
  report("description_not_text", text.span, "A description is plain text.", { hint: "Remove the prefix in front of the quote." });
  return undefined;
}

/** `x, /`: Python hands `x` over by position only, and DSPy does not see it. */
function markPositionalOnly(built: ParameterNode[], seen: Seen, span: Span, report: Report): void {
  if (seen.slash) report("parameter_order", span, "`/` may stand only once.");
  else if (seen.star !== undefined) report("parameter_order", span, "`/` must stand before `*`.");
  else if (built.length === 0) report("parameter_order", span, "At least one field must stand before `/`.");
  seen.slash = true;
  built.forEach((p, i) => {
    if (p.kind === "field") built[i] = { ...p, ignored: "positional-only" };
  });
}

function addVariadic({ double, name, span }: Variadic, seen: Seen, last: boolean, built: ParameterNode[], report: Report): void {
  if (double) {
    seen.rest = name!;
    built.push({ kind: "star", name: `**${name}`, span });
    return;
  }
  if (seen.star !== undefined) report("parameter_order", span, "`*` may stand only once.");
  else if (name === undefined && last) report("parameter_order", span, "A field must follow a bare `*`.");
  seen.star = name ?? "";
  if (name !== undefined) built.push({ kind: "star", name: `*${name}`, span });
}

/** From Chevrotain's concrete tree to `ast.ts`: parameters. Types and defaults are in `build-expression.ts`. */
import type { CstNode, IToken } from "chevrotain";
import type { Report } from "../diagnostics/report.ts";
import type { Span } from "../source.ts";
import type { FieldNode, ParameterNode, StringNode } from "./ast.ts";
import { buildExpression, buildText } from "./build-expression.ts";
import { identifier, nodes, spanOf, spanOfTokens, tokens } from "./tree.ts";

export function buildDocstring(cst: CstNode | undefined, report: Report): StringNode | undefined {
  const parts = cst && tokens(cst, "Text");
  if (!parts?.length) return undefined;
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

/** One side. */
export function buildParameters(list: readonly CstNode[], report: Report): ParameterNode[] {
  const built: ParameterNode[] = [];
  const seen: Seen = { slash: false, star: undefined, rest: undefined, defaulted: undefined };
  for (let i = 0; i < list.length; i++) {
    const parameter = list[i]!;
    const name = tokens(parameter, "Name")[0];
    if (seen.rest !== undefined) {
      report("parameter_order", spanOf(parameter), `Nothing can follow \`**${seen.rest}\`.`);
      continue;
    }
    if (name) {
      const field = buildField(parameter, name, seen.star !== undefined, report);
      if (field.default) seen.defaulted = field.name;
      else if (seen.defaulted !== undefined && seen.star === undefined) {
        report(
          "parameter_order",
          field.nameSpan,
          `\`${field.name}\` has no default but stands after \`${seen.defaulted}\`, which has one.`,
          {
            hint: "Python, and so DSPy, wants the fields with defaults last.",
          },
        );
      }
      built.push(field);
      continue;
    }
    const slash = tokens(parameter, "Slash")[0];
    const hole = tokens(parameter, "Hole")[0];
    const variadic = nodes(parameter, "variadic")[0];
    if (slash) markPositionalOnly(built, seen, slash, report);
    else if (hole) built.push({ kind: "splice", at: hole.startOffset, span: spanOfTokens(hole, hole) });
    else if (variadic) buildVariadic(variadic, seen, i === list.length - 1 || !tokens(list[i + 1]!, "Name").length, built, report);
  }
  return built;
}

interface Seen {
  slash: boolean;
  star: string | undefined;
  rest: string | undefined;
  defaulted: string | undefined;
}

function buildField(cst: CstNode, name: IToken, keywordOnly: boolean, report: Report): FieldNode {
  const annotation = nodes(cst, "annotation")[0];
  const value = nodes(cst, "default")[0];
  const described = annotation && tokens(annotation, "description");
  const nameSpan = spanOfTokens(name, name);
  const type = annotation && buildExpression(nodes(annotation, "expression")[0]!, report);
  const description = described?.length ? describe(described, report) : undefined;
  const fallback = value && buildExpression(value, report);
  const last = fallback?.span ?? description?.span ?? type?.span ?? nameSpan;
  return {
    kind: "field",
    name: identifier(name),
    nameSpan,
    type,
    description,
    default: fallback,
    ignored: keywordOnly ? "keyword-only" : undefined,
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
function markPositionalOnly(built: ParameterNode[], seen: Seen, slash: IToken, report: Report): void {
  const span: Span = spanOfTokens(slash, slash);
  if (seen.slash) report("parameter_order", span, "`/` may stand only once.");
  else if (seen.star !== undefined) report("parameter_order", span, "`/` must stand before `*`.");
  else if (built.length === 0) report("parameter_order", span, "At least one field must stand before `/`.");
  seen.slash = true;
  built.forEach((p, i) => {
    if (p.kind === "field") built[i] = { ...p, ignored: "positional-only" };
  });
}

function buildVariadic(cst: CstNode, seen: Seen, last: boolean, built: ParameterNode[], report: Report): void {
  const span = spanOf(cst);
  const token = tokens(cst, "Name")[0];
  const name = token && identifier(token);
  for (const annotation of nodes(cst, "expression")) buildExpression(annotation, report);
  if (tokens(cst, "StarStar")[0]) {
    seen.rest = name!;
    built.push({ kind: "star", name: `**${name}`, span });
    return;
  }
  if (seen.star !== undefined) report("parameter_order", span, "`*` may stand only once.");
  else if (name === undefined && last) report("parameter_order", span, "A field must follow a bare `*`.");
  seen.star = name ?? "";
  if (name !== undefined) built.push({ kind: "star", name: `*${name}`, span });
}

/**
 * A literal with syntax errors, read again field by field: the commas outside brackets part a side into segments, and
 * what is wrong with one says nothing about the next. So all errors come at once, one a field, without the echoes that
 * a parser's own recovery makes; fields without errors go on to the checks.
 */
import type { IToken } from "chevrotain";
import type { Report } from "../diagnostics/report.ts";
import type { Parameter } from "./build.ts";
import type { SignatureGrammar, SignatureTree } from "./grammar.ts";
import type { Sides } from "./sides.ts";
import { explain, explainName } from "./syntax.ts";
import { spanOfTokens } from "./token-text.ts";
import * as T from "./tokens.ts";

export function parseSegments(parser: SignatureGrammar, { inputs, arrow, outputs }: Sides, report: Report): SignatureTree {
  const first = inputs.findIndex((token) => token.tokenType !== T.Text);
  const texts = inputs.slice(0, first < 0 ? inputs.length : first);
  return {
    docstring: texts,
    inputs: parseSide(parser, inputs.slice(texts.length), arrow, report),
    outputs: parseSide(parser, outputs, undefined, report),
  };
}

/** More fields with errors than a reporter shows: the rest need not be read. */
const MOST = 60;

function parseSide(parser: SignatureGrammar, side: readonly IToken[], end: IToken | undefined, report: Report): Parameter[] {
  if (side.length === 0) return [];
  const segments = split(side);
  const parsed: Parameter[] = [];
  let comma: IToken | undefined;
  let failed = 0;
  for (const { tokens, closing } of segments) {
    if (tokens.length > 0) {
      const parameter = parseSegment(parser, tokens, comma, closing ?? end, report);
      if (parameter) parsed.push(parameter);
      else if (++failed > MOST) break;
    } else if (closing) {
      report("syntax_unexpected", spanOfTokens(closing, closing), "A field is missing before this comma.", { hint: "Remove the comma." });
    }
    comma = closing;
  }
  return parsed;
}

interface Segment {
  readonly tokens: readonly IToken[];
  /** The comma behind it; absent behind the last. */
  readonly closing: IToken | undefined;
}

function split(side: readonly IToken[]): Segment[] {
  const segments: Segment[] = [];
  let depth = 0;
  let lambda = false;
  let from = 0;
  for (const [i, token] of side.entries()) {
    if (token.tokenType === T.LeftParen || token.tokenType === T.LeftBracket || token.tokenType === T.LeftBrace) depth++;
    else if (token.tokenType === T.RightParen || token.tokenType === T.RightBracket || token.tokenType === T.RightBrace) depth--;
    // The parameters of a lambda have commas of their own, up to its colon.
    else if (depth === 0 && token.tokenType === T.Lambda) lambda = true;
    else if (depth === 0 && token.tokenType === T.Colon) lambda = false;
    else if (depth === 0 && token.tokenType === T.Comma && !lambda) {
      segments.push({ tokens: side.slice(from, i), closing: token });
      from = i + 1;
    }
  }
  segments.push({ tokens: side.slice(from), closing: undefined });
  return segments;
}

/** `before` and `after` are the tokens around the segment, for the words of an error at its edges. */
function parseSegment(
  parser: SignatureGrammar,
  tokens: readonly IToken[],
  before: IToken | undefined,
  after: IToken | undefined,
  report: Report,
): Parameter | undefined {
  const named = explainName(tokens, report);
  if (named === undefined) return undefined;
  const parameter = parser.read("parameter", [...named], report);
  const error = parser.errors[0];
  if (!error) return parameter;
  const at = named.indexOf(error.token);
  explain(named, at < 0 ? named.length : at, before, after, report);
  return undefined;
}

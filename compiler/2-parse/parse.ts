/** From text to `ast.ts`: lexer, sides, parser, tree. */
import type { ILexingResult, IToken } from "chevrotain";
import { codes } from "../diagnostics/codes.ts";
import type { Report } from "../diagnostics/report.ts";
import type { ExpressionNode, SignatureNode, StringNode } from "./ast.ts";
import { buildDocstring, buildParameters } from "./build.ts";
import { SignatureGrammar, type SignatureTree } from "./grammar.ts";
import { parseSegments } from "./segments.ts";
import { DEEPEST, splitSides } from "./sides.ts";
import { spanOfTokens } from "./token-text.ts";
import { lexer, Text, Unknown } from "./tokens.ts";

/** A literal of more bytes is no signature; the limit keeps every later stage's work bounded. */
const LARGEST = 64 * 1024;
/** 64 for each of 256 fields; also the bound of what a hostile literal can cost. */
const MOST_TOKENS = 16_384;

/** Making a parser costs milliseconds, so there is one; it keeps nothing from one literal to the next. */
const parser: SignatureGrammar = new SignatureGrammar();

export function parse(text: string, tell: Report): SignatureNode | undefined {
  let complete = true;
  const report: Report = (code, span, message, details) => {
    if (codes[code].severity === "error") complete = false;
    tell(code, span, message, details);
  };
  if (text.length > LARGEST || (text.length > LARGEST / 3 && new TextEncoder().encode(text).length > LARGEST)) {
    report("literal_too_large", { start: 0, end: 1 }, "A signature literal holds at most 64 KiB.", { hint: "Pass long texts as inputs." });
    return undefined;
  }
  const lexed = lexer.tokenize(text);
  if (lexed.tokens.length > MOST_TOKENS) {
    const beyond = lexed.tokens[MOST_TOKENS]!;
    report("literal_too_large", spanOfTokens(beyond, beyond), `A signature literal holds at most ${MOST_TOKENS} words and signs.`, {
      hint: "Pass long lists as inputs.",
    });
    return undefined;
  }
  if (text.includes("\0")) reportNullBytes(lexed, report);
  const read = readAtOnce(lexed, report) ?? readBySides(text, lexed, report);
  if (!read) return undefined;
  const docstring = buildDocstring(read.docstring, report);
  const inputs = buildParameters(read.inputs, report);
  const outputs = buildParameters(read.outputs, report);
  if (text.indexOf("->") !== text.lastIndexOf("->")) {
    reportArrowsInText(
      [docstring, ...[...inputs, ...outputs].map((p) => (p.kind === "field" ? p.description : undefined))],
      lexed.tokens,
      report,
    );
  }
  return { docstring, inputs, outputs, complete };
}

/** Python reads no source with a null byte in it. Outside texts and comments the grammar refuses it already. */
function reportNullBytes({ tokens: all, groups }: ILexingResult, report: Report): void {
  for (const token of [...all, ...groups.comments!]) {
    const at = token.tokenType === Unknown ? -1 : token.image.indexOf("\0");
    if (at < 0) continue;
    const start = token.startOffset + at;
    report("character_unexpected", { start, end: start + 1 }, "Python reads no text with the character U+0000 in it.", {
      hint: "Write it as `\\\\0`, or remove it.",
    });
  }
}

/** What the grammar accepts has one arrow and brackets that close: nothing else needs to look at it. */
function readAtOnce({ tokens: all, groups }: ILexingResult, report: Report): SignatureTree | undefined {
  // A comment may end a side too early, and so many tokens may nest deeper than the parser's recursion should go.
  if (groups.comments!.length > 0 || all.length > 2 * DEEPEST) return undefined;
  return parser.read("signature", all, report);
}

function readBySides(text: string, { tokens: all, groups }: ILexingResult, report: Report): SignatureTree | undefined {
  const sides = splitSides(text, all, groups.comments!, report);
  if (!sides) return undefined;
  const tokens = sides.whole ? all : [...sides.inputs, sides.arrow, ...sides.outputs];
  return parser.read("signature", tokens, report) ?? parseSegments(parser, sides, report);
}

/** DSPy counts arrows in the whole text. Docstrings and descriptions, which its strings do not have, may hold one. */
function reportArrowsInText(prose: readonly (StringNode | undefined)[], all: readonly IToken[], report: Report): void {
  for (const token of all) {
    const at = token.tokenType === Text ? token.image.indexOf("->") : -1;
    if (at < 0 || prose.some((node) => node && node.span.start <= token.startOffset && token.startOffset < node.span.end)) continue;
    const start = token.startOffset + at;
    report("arrow_in_text", { start, end: start + 2 }, "DSPy counts every `->` of a signature, this one in a type or default too.", {
      hint: `Write \`-\` \`>\` apart, or another arrow, in ${spanOfTokens(token, token).end - start > 40 ? "this text" : token.image}.`,
    });
  }
}

/** A type in quotes, `list["int"]`: one expression, or nothing. */
export function parseExpression(text: string, report: Report): ExpressionNode | undefined {
  const lexed = lexer.tokenize(text);
  if (lexed.tokens.length === 0 || lexed.tokens.filter((t) => /^[([{]$/.test(t.image)).length > 100) return undefined;
  return parser.read("expression", lexed.tokens, report);
}

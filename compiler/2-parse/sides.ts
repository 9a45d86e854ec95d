/**
 * The text before the grammar reads it: one arrow, two sides, brackets that close, comments that end. DSPy splits the
 * text at its only `->` and reads each side as `def f(SIDE): pass` (dspy-semantics 1.1), so a side is on its own.
 */
import type { IToken, TokenType } from "chevrotain";
import type { Report } from "../diagnostics/report.ts";
import { spanOfTokens } from "./token-text.ts";
import * as T from "./tokens.ts";

/** Far more than the 64 levels of types: parentheses around a type are no level. */
export const DEEPEST = 200;

export interface Sides {
  /** Empty where a side's brackets make it unreadable, which has been reported. */
  readonly inputs: IToken[];
  readonly arrow: IToken;
  readonly outputs: IToken[];
  /** Whether the sides hold every token there was. */
  readonly whole: boolean;
}

export function splitSides(text: string, all: IToken[], comments: readonly IToken[], report: Report): Sides | undefined {
  const arrows = all.filter((t) => t.tokenType === T.Arrow);
  const open = all.filter((t) => t.tokenType === T.OpenText);
  for (const token of open) reportOpenText(token, report);
  const arrow = arrows[0];
  if (!arrow) {
    if (open.length === 0) reportNoArrow(text, all, report);
    return undefined;
  }
  for (const extra of arrows.slice(1)) {
    report("arrow_extra", spanOfTokens(extra, extra), "A signature has exactly one `->`.", {
      hint: "Name a field for each step, or write a second signature.",
      related: [{ message: "The first arrow is here.", span: spanOfTokens(arrow, arrow) }],
    });
  }
  if (open.length > 0 || arrows.length > 1) return undefined;
  const at = all.indexOf(arrow);
  const inputs = readSide(all.slice(0, at), arrow.startOffset, text, comments, report);
  const outputs = readSide(all.slice(at + 1), text.length, text, comments, report);
  return {
    inputs: inputs ?? [],
    arrow,
    outputs: outputs ?? [],
    whole: (inputs?.length ?? 0) + (outputs?.length ?? 0) + 1 === all.length,
  };
}

const CLOSES = new Map<TokenType, TokenType>([
  [T.LeftParen, T.RightParen],
  [T.LeftBracket, T.RightBracket],
  [T.LeftBrace, T.RightBrace],
]);
const CLOSERS = new Set(CLOSES.values());

/** The side's tokens, without what stands behind its parameter list; undefined when its brackets make it unreadable. */
function readSide(side: IToken[], end: number, text: string, comments: readonly IToken[], report: Report): IToken[] | undefined {
  const from = side[0]?.startOffset ?? end;
  const last = comments.findLast((c) => c.startOffset < end && c.startOffset + c.image.length >= from);
  const swallows = last !== undefined && !/[\r\n]/.test(text.slice(last.startOffset + last.image.length, end));
  const stack: IToken[] = [];
  for (const [i, token] of side.entries()) {
    if (CLOSES.has(token.tokenType)) {
      stack.push(token);
      if (stack.length > DEEPEST) {
        report("type_too_deep", spanOfTokens(token, token), `Brackets are nested more than ${DEEPEST} deep.`);
        return undefined;
      }
    } else if (CLOSERS.has(token.tokenType)) {
      const opener = stack.pop();
      if (!opener && leavesParameters(side.slice(i), swallows)) {
        report(
          "text_after_parameters",
          spanOfTokens(token, side[side.length - 1]!),
          "The parameter list ends at this parenthesis; DSPy ignores what follows.",
          {
            hint: "Remove it.",
          },
        );
        return side.slice(0, i);
      }
      if (!opener || CLOSES.get(opener.tokenType) !== token.tokenType) {
        report(
          "bracket_unmatched",
          spanOfTokens(token, token),
          opener ? `\`${token.image}\` does not close \`${opener.image}\`.` : `Nothing opens this \`${token.image}\`.`,
          {
            ...(opener ? { related: [{ message: "This bracket is open.", span: spanOfTokens(opener, opener) }] } : { hint: "Remove it." }),
          },
        );
        return undefined;
      }
    }
  }
  const unclosed = stack[stack.length - 1];
  if (unclosed) {
    report("bracket_unclosed", spanOfTokens(unclosed, unclosed), `This \`${unclosed.image}\` is never closed.`);
    return undefined;
  }
  if (swallows) {
    report("comment_unterminated", spanOfTokens(last, last), "A comment must end with its line, before the side of the signature ends.", {
      hint: 'Start a new line after the comment, or write a description: `name: str "..."`.',
    });
  }
  return side;
}

/**
 * `x): pass #` and `x): pass\ndef g(y` close the parameter list and leave Python something to read; DSPy takes the
 * parameters and never looks at the rest. Told from a stray parenthesis by how they end.
 */
function leavesParameters(rest: readonly IToken[], swallows: boolean): boolean {
  if (rest[0]!.tokenType !== T.RightParen || rest[1]?.tokenType !== T.Colon || rest.length < 3) return false;
  const open: number[] = [];
  for (const [i, token] of rest.entries()) {
    if (token.tokenType === T.Unknown) return false;
    if (CLOSES.has(token.tokenType)) open.push(i);
    else if (i > 0 && CLOSERS.has(token.tokenType) && open.pop() === undefined) return false;
  }
  if (swallows) return open.length === 0;
  const at = open[0];
  return (
    open.length === 1 &&
    at! >= 4 &&
    rest[at!]!.tokenType === T.LeftParen &&
    rest[at! - 1]!.tokenType === T.Name &&
    /^(?:def|class)$/.test(rest[at! - 2]!.image)
  );
}

function reportOpenText(token: IToken, report: Report): void {
  const quote = /^(?:"""|'''|["'])/.exec(token.image)![0];
  report("string_unterminated", spanOfTokens(token, token), `This text opens with \`${quote}\` and is never closed.`, {
    hint: quote.length === 1 ? "Close it on the same line; text over several lines takes three quotes." : `Close it with ${quote}.`,
  });
}

function reportNoArrow(text: string, all: readonly IToken[], report: Report): void {
  const wrong = all.find(
    (t, i) =>
      /^(?:→|⇒|⟶|➔|➜)$/.test(t.image) || (t.image === "=" && all[i + 1]?.image === ">") || (t.image === "-" && all[i + 1]?.image === ">"),
  );
  if (wrong) {
    const next = all[all.indexOf(wrong) + 1];
    const span = spanOfTokens(wrong, /^[=-]$/.test(wrong.image) ? next! : wrong);
    report("arrow_missing", span, `\`${text.slice(span.start, span.end)}\` is not the arrow that parts inputs from outputs.`, {
      hint: "Write `->`.",
    });
    return;
  }
  const end = all[all.length - 1];
  const at = end ? spanOfTokens(end, end).end : 0;
  report("arrow_missing", { start: at, end: at }, "A signature needs `->` between its inputs and its outputs.", {
    hint: "For example `question -> answer`.",
  });
}

/** Chevrotain's exceptions, worded for the person who wrote the literal. One a field: what follows is usually its echo. */
import type { IRecognitionException, IToken } from "chevrotain";
import type { Report } from "../diagnostics/report.ts";
import * as T from "./tokens.ts";
import { spanOfTokens } from "./tree.ts";

export function reportSyntax(input: readonly IToken[], errors: readonly IRecognitionException[], report: Report): void {
  const segments = segmentOf(input);
  const reported = new Set<number>();
  for (const error of errors) {
    const end = Number.isNaN(error.token.startOffset) || error.token.tokenType.name === "EOF";
    const index = end ? input.length : input.indexOf(error.token);
    const segment = segments[Math.min(index, input.length - 1)] ?? 0;
    if (reported.has(segment)) continue;
    reported.add(segment);
    explain(input, index, report);
  }
}

/** The number of the field each token belongs to: commas outside brackets and the arrow part them. */
function segmentOf(input: readonly IToken[]): number[] {
  let depth = 0;
  let segment = 0;
  return input.map((token) => {
    if (/^[([{]$/.test(token.image)) depth++;
    else if (/^[)\]}]$/.test(token.image)) depth--;
    else if (token.tokenType === T.Arrow || (token.tokenType === T.Comma && depth === 0)) return segment++;
    return segment;
  });
}

const CLOSING: ReadonlySet<unknown> = new Set([T.RightParen, T.RightBracket, T.RightBrace]);
const isWord = (token: IToken | undefined): boolean => token !== undefined && token.tokenType !== T.Name && /^[A-Za-z]+$/.test(token.image);

function explain(input: readonly IToken[], index: number, report: Report): void {
  const token = input[index];
  const before = input[index - 1];
  if (!token) {
    const at = before ? spanOfTokens(before, before).end : 0;
    report("syntax_unexpected", { start: at, end: at }, `The text ends too early${before ? ` after \`${before.image}\`` : ""}.`, {
      hint: missingAfter(before),
    });
    return;
  }
  const span = spanOfTokens(token, token);
  const startsField = !before || before.tokenType === T.Comma || before.tokenType === T.Arrow;
  if (token.tokenType === T.Unknown) return void explainCharacter(token, before, report);
  if (startsField && isWord(token)) {
    report("field_name_keyword", span, `\`${token.image}\` is a Python keyword and cannot name a field.`, {
      hint: `Write \`${token.image.toLowerCase()}_\`, or a word that says more.`,
    });
  } else if (startsField && token.tokenType === T.Numeral) {
    report("field_name_invalid", span, "A field's name starts with a letter.", {
      hint: `Write \`_\` or a word before the digits, such as \`n${token.image}\`.`,
    });
  } else if (startsField && token.tokenType === T.Text) {
    const docstring = before === undefined;
    report(
      docstring ? "docstring_quotes" : "syntax_unexpected",
      span,
      docstring ? "Instructions stand in triple quotes in front of the fields." : "A field starts with its name, not with text.",
      {
        hint: docstring ? undefined : 'A description stands after the type: `name: str "..."`.',
      },
    );
  } else if (token.tokenType === T.Text && before?.tokenType === T.Name) {
    report("description_without_type", span, "A description stands after a type.", {
      hint: `Write \`${before.image}: str ${token.image.length < 40 ? token.image : '"..."'}\`.`,
    });
  } else if (startsField && (token.tokenType === T.LeftParen || token.tokenType === T.LeftBracket || token.tokenType === T.LeftBrace)) {
    report("syntax_unexpected", span, `A field starts with its name, not with \`${token.image}\`.`, {
      hint: "Fields need no brackets around them.",
    });
  } else if (token.tokenType === T.Comma && (startsField || before?.tokenType === T.Comma)) {
    report("syntax_unexpected", span, "A field is missing before this comma.", { hint: "Remove the comma." });
  } else if (
    before &&
    (token.tokenType === T.Name || isWord(token)) &&
    (before.tokenType === T.Name || CLOSING.has(before.tokenType) || isWord(before) || before.tokenType === T.Text)
  ) {
    explainNeighbour(input, index, report);
  } else if (before?.tokenType === T.Name && (token.tokenType === T.Minus || token.tokenType === T.Dot)) {
    report("field_name_invalid", span, `A field's name holds letters, digits and \`_\`, not \`${token.image}\`.`, {
      hint: input[index + 1]?.tokenType === T.Name ? `Write \`${before.image}_${input[index + 1]!.image}\`.` : undefined,
    });
  } else if (before && missingAfter(before)) {
    report("syntax_unexpected", span, `Something is missing between \`${before.image}\` and \`${token.image}\`.`, {
      hint: angleHint(input, index) ?? missingAfter(before),
    });
  } else {
    report("syntax_unexpected", span, `\`${token.image}\` is not expected here${before ? `, after \`${before.image}\`` : ""}.`, {
      hint: angleHint(input, index),
    });
  }
}

/** Two words side by side: a missing comma, or prose behind the fields. */
function explainNeighbour(input: readonly IToken[], index: number, report: Report): void {
  const token = input[index]!;
  const before = input[index - 1]!;
  const prose = input.length - index > 2 && input.slice(index, index + 3).every((t) => t.tokenType === T.Name || isWord(t));
  report(
    "syntax_unexpected",
    spanOfTokens(token, token),
    prose ? `\`${token.image}\` starts text that is no field.` : `A comma is missing between \`${before.image}\` and \`${token.image}\`.`,
    {
      hint: prose
        ? 'Instructions go in front of the fields, in triple quotes; a description after the type: `name: str "..."`.'
        : `Write \`${before.image}, ${token.image}\`.`,
    },
  );
}

function explainCharacter(token: IToken, before: IToken | undefined, report: Report): void {
  const span = spanOfTokens(token, token);
  const code = token.image.codePointAt(0)!;
  const shown =
    code < 0x21 || /[\p{C}\p{Z}]/u.test(token.image) ? `U+${code.toString(16).toUpperCase().padStart(4, "0")}` : `\`${token.image}\``;
  const hints: Record<string, string | undefined> = {
    "?": before ? `Something that may be absent is \`Optional[${before.image}]\`.` : undefined,
    ";": "Fields are separated by commas.",
    "!": undefined,
    "\\": "A backslash may only stand at the end of a line.",
    "\0": "Remove the null byte.",
  };
  report("character_unexpected", span, `The character ${shown} has no meaning in a signature.`, { hint: hints[token.image] });
}

function missingAfter(token: IToken | undefined): string | undefined {
  if (!token) return undefined;
  if (token.tokenType === T.Colon) return "A type stands after `:`, such as `str`.";
  if (token.tokenType === T.Equals) return "A default stands after `=`.";
  if (token.tokenType === T.Pipe) return "A type stands on both sides of `|`.";
  if (token.tokenType === T.Operator || token.tokenType === T.Dot || token.tokenType === T.Lambda) return "The expression is not finished.";
  return undefined;
}

/** `Array<string>`, `list<str>`: the habit of other languages. */
function angleHint(input: readonly IToken[], index: number): string | undefined {
  for (let i = index; i > 0 && i > index - 6; i--) {
    if (input[i]?.image === "<" && input[i - 1]?.tokenType === T.Name)
      return `Type arguments stand in square brackets: \`${input[i - 1]!.image === "Array" ? "list" : input[i - 1]!.image}[...]\`.`;
  }
  return undefined;
}

/** What is wrong with a field that does not parse, in words for the person who wrote it. */
import type { IToken } from "chevrotain";
import type { Report } from "../diagnostics/report.ts";
import { spanOfTokens } from "./token-text.ts";
import * as T from "./tokens.ts";

const CLOSING: ReadonlySet<unknown> = new Set([T.RightParen, T.RightBracket, T.RightBrace]);
const OPENING: ReadonlySet<unknown> = new Set([T.LeftParen, T.LeftBracket, T.LeftBrace]);
/** Type names, which in other languages stand in front of the name. */
const TYPES = /^(?:str|int|float|bool|string|number|list|dict|Any|Optional|List|Dict)$/;

const isWord = (token: IToken | undefined): boolean => token !== undefined && /^[A-Za-z]+$/.test(token.image);
const isKeyword = (token: IToken | undefined): boolean => isWord(token) && token!.tokenType !== T.Name;

/**
 * A wrong name in front of a field that is otherwise one: it is reported, and the field goes on under that name, so
 * that what else is wrong with it is found too. Undefined when the field cannot go on.
 */
export function explainName(tokens: readonly IToken[], report: Report): readonly IToken[] | undefined {
  const [name, next, third] = tokens as [IToken, IToken | undefined, IToken | undefined];
  const span = spanOfTokens(name, name);
  const isWhole = next === undefined || next.tokenType === T.Colon || next.tokenType === T.Equals;
  if (isKeyword(name) && (isWhole || name.tokenType !== T.Lambda)) {
    report("field_name_keyword", span, `\`${name.image}\` is a Python keyword and cannot name a field.`, {
      hint: `Write \`${name.image.toLowerCase()}_\`, or a word that says more.`,
    });
  } else if (name.tokenType === T.Numeral) {
    report("field_name_invalid", span, "A field's name starts with a letter.", {
      hint: `Write a word before the digits, such as \`n${name.image}\`.`,
    });
  } else if (name.tokenType === T.Name && (next?.tokenType === T.Minus || next?.tokenType === T.Dot)) {
    const joined = isWord(third) || third?.tokenType === T.Name ? `${name.image}_${third!.image}` : undefined;
    report("field_name_invalid", spanOfTokens(next, next), `A field's name holds letters, digits and \`_\`, not \`${next.image}\`.`, {
      hint: joined && `Write \`${joined}\`.`,
    });
    return undefined;
  } else return tokens;
  return isWhole ? [{ ...name, tokenType: T.Name, tokenTypeIdx: T.Name.tokenTypeIdx! }, ...tokens.slice(1)] : undefined;
}

/** The parser stopped at `tokens[index]`, or at their end; `before` and `after` stand around the field. */
export function explain(
  tokens: readonly IToken[],
  index: number,
  before: IToken | undefined,
  after: IToken | undefined,
  report: Report,
): void {
  const token = tokens[index] ?? after;
  const previous = tokens[index - 1];
  if (!token) {
    const end = spanOfTokens(previous!, previous!).end;
    report("syntax_unexpected", { start: end, end }, `The text ends too early after \`${previous!.image}\`.`, {
      hint: angleHint(tokens, index) ?? missingAfter(previous),
    });
    return;
  }
  const span = spanOfTokens(token, token);
  if (token.tokenType === T.Unknown) explainCharacter(token, previous, report);
  else if (!previous) explainStart(token, before, report);
  else if (token.tokenType === T.Text && previous.tokenType === T.Name && index === 1) {
    report("description_without_type", span, "A description stands after a type.", {
      hint: `Write \`${previous.image}: str ${token.image.length < 40 ? token.image : '"..."'}\`.`,
    });
  } else if (
    isWord(token) &&
    (isWord(previous) || previous.tokenType === T.Name || CLOSING.has(previous.tokenType) || previous.tokenType === T.Text)
  ) {
    explainNeighbour(tokens, index, report);
  } else if (missingAfter(previous) || angleHint(tokens, index)) {
    report("syntax_unexpected", span, `Something is missing between \`${previous.image}\` and \`${token.image}\`.`, {
      hint: angleHint(tokens, index) ?? missingAfter(previous),
    });
  } else if (index === 1 && OPENING.has(token.tokenType)) {
    report("syntax_unexpected", span, `\`${token.image}\` is not expected after a field's name.`, {
      hint: `A type stands after a colon, \`${previous.image}: str\`, and a description after the type.`,
    });
  } else report("syntax_unexpected", span, `\`${token.image}\` is not expected here, after \`${previous.image}\`.`);
}

function explainStart(token: IToken, before: IToken | undefined, report: Report): void {
  const span = spanOfTokens(token, token);
  if (token.tokenType === T.Text) {
    report("syntax_unexpected", span, "A field starts with its name, not with text.", {
      hint: 'A description stands after the type: `name: str "..."`.',
    });
  } else if (OPENING.has(token.tokenType)) {
    report("syntax_unexpected", span, `A field starts with its name, not with \`${token.image}\`.`, {
      hint: "Fields need no brackets around them.",
    });
  } else report("syntax_unexpected", span, `\`${token.image}\` is not expected here${before ? `, after \`${before.image}\`` : ""}.`);
}

/** Two words side by side: a type in front of its name, a missing comma, or prose behind the fields. */
function explainNeighbour(tokens: readonly IToken[], index: number, report: Report): void {
  const token = tokens[index]!;
  const previous = tokens[index - 1]!;
  const span = spanOfTokens(token, token);
  const prose = tokens.slice(index, index + 3).length === 3 && tokens.slice(index, index + 3).every(isWord);
  if (prose) {
    report("syntax_unexpected", span, `\`${token.image}\` starts text that is no field.`, {
      hint: 'Instructions go in front of the fields, in triple quotes; a description after the type: `name: str "..."`.',
    });
  } else if (index === 1 && TYPES.test(previous.image)) {
    report("syntax_unexpected", span, "A field's type stands behind its name.", { hint: `Write \`${token.image}: ${previous.image}\`.` });
  } else {
    report("syntax_unexpected", span, `A comma is missing between \`${previous.image}\` and \`${token.image}\`.`, {
      hint: isKeyword(token) ? "Remove the word." : `Write \`${previous.image}, ${token.image}\`.`,
    });
  }
}

const HINTS: Readonly<Record<string, string>> = {
  ";": "Fields are separated by commas.",
  "\\": "A backslash may only stand at the end of a line.",
  "\0": "Remove the null byte.",
  "|": "Write `|` once.",
};

function explainCharacter(token: IToken, previous: IToken | undefined, report: Report): void {
  const code = token.image.codePointAt(0)!;
  const visible = code > 0x20 && !/[\p{C}\p{Z}]/u.test(token.image);
  const shown = visible ? `\`${token.image}\`` : `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
  report("character_unexpected", spanOfTokens(token, token), `The character ${shown} has no meaning in a signature.`, {
    hint:
      token.image === "?" && previous
        ? `Something that may be absent is \`Optional[${previous.image}]\`.`
        : visible
          ? HINTS[token.image]
          : (HINTS[token.image] ?? "Remove it; it came in by copying."),
  });
}

function missingAfter(token: IToken | undefined): string | undefined {
  switch (token?.tokenType) {
    case T.Colon:
      return "A type stands after `:`, such as `str`.";
    case T.Equals:
      return "A default stands after `=`.";
    case T.Pipe:
      return "A type stands on both sides of `|`.";
    case T.Operator:
    case T.Dot:
    case T.Lambda:
      return "The expression is not finished.";
    default:
      return undefined;
  }
}

/** `Array<string>`, `list<str>`: the habit of other languages. */
function angleHint(tokens: readonly IToken[], index: number): string | undefined {
  for (let i = Math.min(index, tokens.length - 1); i > 0 && i > index - 6; i--) {
    const name = tokens[i - 1]!;
    if (tokens[i]!.image === "<" && name.tokenType === T.Name)
      return `Type arguments stand in square brackets: \`${/^array$/i.test(name.image) ? "list" : name.image}[...]\`.`;
  }
  return undefined;
}

/**
 * The words of a signature: Python's tokens (a side is a Python parameter list), the arrow, and `HOLE` for an
 * interpolation. Whatever is none of these becomes an `Unknown` token, so that the lexer never fails and the parser
 * sees the whole text: every error of a literal is found in one pass.
 */
import { type CustomPatternMatcherFunc, createToken, Lexer, type TokenType } from "chevrotain";

const token = (name: string, pattern: RegExp | string, options: object = {}): TokenType => createToken({ name, pattern, ...options });

/** Chevrotain picks candidates by a pattern's first character; for these it cannot work it out itself. */
const from = (characters: string) => ({ start_chars_hint: [...characters] });
const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
/** One code for each bucket the lexer's optimiser keeps beyond ASCII (255 units a bucket), so that every script is tried. */
const BEYOND_ASCII = [
  ...Array.from({ length: 128 }, (_, i) => i + 128),
  ...Array.from({ length: 257 }, (_, i) => Math.max(256, (i + 1) * 255)),
];

const WhiteSpace: TokenType = token("WhiteSpace", /(?:[ \t\f\r\n]|\\\r?\n|\\\r)+/, { group: Lexer.SKIPPED, line_breaks: true });
/** Kept aside. It ends before the arrow, because DSPy splits the text there before Python sees any comment. */
const Comment: TokenType = token("Comment", /#(?:[^\r\n-]|-(?!>))*/, { group: "comments" });

const PREFIX = "(?:[rR][bBfF]?|[bBfF][rR]?|[uU])?";
export const Text: TokenType = token(
  "Text",
  new RegExp(
    `${PREFIX}(?:"""(?:[^"\\\\]|\\\\[\\s\\S]|"(?!""))*"""|'''(?:[^'\\\\]|\\\\[\\s\\S]|'(?!''))*'''|` +
      `"(?!"")(?:[^"\\\\\\r\\n]|\\\\(?:\\r\\n|[\\s\\S]))*"|'(?!'')(?:[^'\\\\\\r\\n]|\\\\(?:\\r\\n|[\\s\\S]))*')`,
  ),
  { line_breaks: true, ...from(`"'rRbBfFuU`) },
);
/** A quote that is never closed: to the end of its line, or of the text where it is tripled. */
export const OpenText: TokenType = token("OpenText", /"""[\s\S]*|'''[\s\S]*|["'][^\r\n]*/, { line_breaks: true, ...from(`"'`) });

/** Letters after the digits belong to it, so that `1x` and `09` are one wrong number and not two right tokens. */
export const Numeral: TokenType = token("Numeral", /(?:[0-9]|\.[0-9])(?:[eE][+-](?=[0-9])|[0-9A-Za-z_.])*/, from("0123456789."));

/** Python's identifiers. Unicode has since let in four joiners and dots that Python 3.11 does not know. */
const NAME = /[\p{XID_Start}_](?:(?!\u200C|\u200D|\u30FB|\uFF65)\p{XID_Continue})*/uy;
const isWord: readonly boolean[] = Array.from({ length: 128 }, (_, code) => /\w/.test(String.fromCharCode(code)));
/** A custom pattern, because Chevrotain drops the `u` flag of a plain one. Nearly all names are ASCII, and for them a loop is thrice as fast. */
const matchName: CustomPatternMatcherFunc = (text, offset) => {
  let end = offset;
  let code = text.charCodeAt(end);
  while (code < 128 && isWord[code]) code = text.charCodeAt(++end);
  if (end > offset && !(code > 127)) return [text.slice(offset, end)];
  NAME.lastIndex = offset;
  return NAME.exec(text);
};
export const Name: TokenType = createToken({
  name: "Name",
  pattern: matchName,
  line_breaks: false,
  start_chars_hint: [...LETTERS, ...BEYOND_ASCII],
});
const word = (name: string): TokenType => token(name[0]!.toUpperCase() + name.slice(1), name, { longer_alt: Name });
export const None: TokenType = word("None");
export const True: TokenType = word("True");
export const False: TokenType = word("False");
export const Lambda: TokenType = word("lambda");
export const If: TokenType = word("if");
export const Else: TokenType = word("else");
export const And: TokenType = word("and");
export const Or: TokenType = word("or");
export const Not: TokenType = word("not");
export const In: TokenType = word("in");
export const Is: TokenType = word("is");
export const For: TokenType = word("for");
export const Async: TokenType = word("async");
export const Await: TokenType = word("await");
export const Yield: TokenType = word("yield");
export const From: TokenType = word("from");
/** Keywords of statements: never part of a signature, and never a field's name. */
const Keyword: TokenType = token(
  "Keyword",
  /assert|as|break|class|continue|def|del|elif|except|finally|global|import|nonlocal|pass|raise|return|try|while|with/,
  { longer_alt: Name },
);

export const Arrow: TokenType = token("Arrow", "->");
export const Ellipsis: TokenType = token("Ellipsis", "...");
export const Dot: TokenType = token("Dot", ".");
export const Comma: TokenType = token("Comma", ",");
export const Walrus: TokenType = token("Walrus", ":=");
export const Colon: TokenType = token("Colon", ":");
/** Every operator that is neither a type's `|`, a sign, a star nor a slash. */
export const Operator: TokenType = token("Operator", /<<|>>|<=|>=|==|!=|\/\/|[%&^<>@]/);
export const Equals: TokenType = token("Equals", "=");
export const Pipe: TokenType = token("Pipe", "|");
export const Plus: TokenType = token("Plus", "+");
export const Minus: TokenType = token("Minus", "-");
export const Tilde: TokenType = token("Tilde", "~");
export const StarStar: TokenType = token("StarStar", "**");
export const Star: TokenType = token("Star", "*");
export const Slash: TokenType = token("Slash", "/");
export const LeftParen: TokenType = token("LeftParen", "(");
export const RightParen: TokenType = token("RightParen", ")");
export const LeftBracket: TokenType = token("LeftBracket", "[");
export const RightBracket: TokenType = token("RightBracket", "]");
export const LeftBrace: TokenType = token("LeftBrace", "{");
export const RightBrace: TokenType = token("RightBrace", "}");
export const Hole: TokenType = token("Hole", "\uFFFC");
export const Unknown: TokenType = token("Unknown", /[\uD800-\uDBFF][\uDC00-\uDFFF]|[\s\S]/, {
  line_breaks: true,
  start_chars_hint: [...Array.from({ length: 128 }, (_, i) => i), ...BEYOND_ASCII],
});

export const vocabulary: TokenType[] = [
  WhiteSpace,
  Text,
  None,
  True,
  False,
  Lambda,
  If,
  Else,
  And,
  Or,
  Not,
  Is,
  In,
  For,
  Async,
  Await,
  Yield,
  From,
  Keyword,
  Name,
  Comma,
  Arrow,
  Walrus,
  Colon,
  LeftBracket,
  RightBracket,
  LeftParen,
  RightParen,
  LeftBrace,
  RightBrace,
  Pipe,
  Ellipsis,
  Numeral,
  Dot,
  Operator,
  Equals,
  Plus,
  Minus,
  Tilde,
  StarStar,
  Star,
  Slash,
  Comment,
  OpenText,
  Hole,
  Unknown,
];

export const lexer: Lexer = new Lexer(vocabulary, { positionTracking: "onlyOffset", ensureOptimizations: true });

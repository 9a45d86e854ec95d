/** What stands between `<%` and `%>`, in pieces. A `%>` inside a string does not end the tag. */
import { pattern } from "../pattern.ts";
import type { TemplateSpan } from "./ast.ts";
import { templateError } from "./error.ts";

export interface Token {
  readonly kind: "name" | "number" | "string" | "symbol" | "end";
  /** A string's value, else the text as written. */
  readonly text: string;
  readonly span: TemplateSpan;
}

const TOKEN = /* @__PURE__ */ pattern(
  String.raw`(?<blank>\s+)|(?<end>%>)|(?<name>[\p{ID_Start}_$][\p{ID_Continue}$]*)|(?<number>\d+(?:\.\d+)?)|(?<symbol>==|!=|<=|>=|<-|[<>.,[\]()-])`,
  "uy",
);

/** Tokens from `start`, which is behind the tag's opening, to its `%>` (the last token). */
export function tokensOf(text: string, open: number, start: number): readonly Token[] {
  const tokens: Token[] = [];
  const sticky = TOKEN();
  for (let at = start; ; ) {
    const char = text[at];
    if (char === undefined)
      throw templateError(
        "template_syntax",
        text,
        { start: open, end: open + 2 },
        "this tag is never closed.",
        "Close it with %>, or write <%% for a plain <%.",
      );
    if (char === '"' || char === "'") {
      const token = stringToken(text, at, char);
      tokens.push(token);
      at = token.span.end;
      continue;
    }
    sticky.lastIndex = at;
    const match = sticky.exec(text);
    if (!match?.groups) {
      const remedy =
        char === "|"
          ? "There are no filters: prepare the value before it is rendered."
          : "A tag holds names, fields, constants, comparisons, and, or, not.";
      throw templateError("template_syntax", text, { start: at, end: at + 1 }, `\`${char}\` means nothing here.`, remedy);
    }
    const span = { start: at, end: sticky.lastIndex };
    at = sticky.lastIndex;
    const { blank, end, name, number } = match.groups;
    if (blank !== undefined) continue;
    tokens.push({ kind: end ? "end" : name ? "name" : number ? "number" : "symbol", text: match[0], span });
    if (end) return tokens;
  }
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", "\\": "\\", '"': '"', "'": "'" };

function stringToken(text: string, start: number, quote: string): Token {
  let value = "";
  for (let at = start + 1; at < text.length; at++) {
    const char = text[at]!;
    if (char === quote) return { kind: "string", text: value, span: { start, end: at + 1 } };
    if (char !== "\\") value += char;
    else {
      const escaped = ESCAPES[text[++at] ?? ""];
      if (escaped === undefined)
        throw templateError(
          "template_syntax",
          text,
          { start: at - 1, end: at + 1 },
          "this escape is not known.",
          "Strings know \\n, \\t, \\r, \\\\, \\\" and \\'.",
        );
      value += escaped;
    }
  }
  throw templateError("template_syntax", text, { start, end: start + 1 }, "this string is never closed.", `Close it with ${quote}.`);
}

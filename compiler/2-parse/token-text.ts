/** Where a token stands, and the name it spells. */
import type { IToken } from "chevrotain";
import type { Span } from "../source.ts";

export function spanOfTokens(first: IToken, last: IToken): Span {
  return { start: first.startOffset, end: last.startOffset + last.image.length };
}

/** The name as Python reads it, in NFKC; what is ASCII is so already, and asking costs more than looking. */
export function identifier(token: IToken): string {
  const { image } = token;
  for (let i = 0; i < image.length; i++) if (image.charCodeAt(i) > 127) return image.normalize("NFKC");
  return image;
}

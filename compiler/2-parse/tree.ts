/** Reading Chevrotain's concrete tree. */
import type { CstElement, CstNode, IToken } from "chevrotain";
import type { Span } from "../source.ts";

const NONE: readonly never[] = [];

export function nodes(cst: CstNode, name: string): readonly CstNode[] {
  return (cst.children[name] as CstNode[] | undefined) ?? NONE;
}

export function tokens(cst: CstNode, name: string): readonly IToken[] {
  return (cst.children[name] as IToken[] | undefined) ?? NONE;
}

export function spanOfTokens(first: IToken, last: IToken): Span {
  return { start: first.startOffset, end: last.startOffset + last.image.length };
}

/** From the first token under the node to the last. */
export function spanOf(cst: CstNode): Span {
  let start = Number.POSITIVE_INFINITY;
  let end = -1;
  const children = cst.children;
  for (const name in children) {
    for (const element of children[name]!) {
      const span = isToken(element) ? spanOfTokens(element, element) : spanOf(element);
      if (span.start < start) start = span.start;
      if (span.end > end) end = span.end;
    }
  }
  return end < 0 ? { start: 0, end: 0 } : { start, end };
}

function isToken(element: CstElement): element is IToken {
  return "image" in element;
}

/** The name as Python reads it, in NFKC; what is ASCII is so already, and asking costs more than looking. */
export function identifier(token: IToken): string {
  const { image } = token;
  for (let i = 0; i < image.length; i++) if (image.charCodeAt(i) > 127) return image.normalize("NFKC");
  return image;
}

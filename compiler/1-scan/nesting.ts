/**
 * How deep a file's brackets nest, before a recursive parser sees it: oxc's stack is the process's own, and a file of
 * ten thousand open brackets would end the process instead of the build. Quotes, templates and comments are stepped
 * over; a regular expression is not told from a division, which can only make the count smaller.
 */
const DEEPEST = 1000;

/** The offset of the bracket that is too deep. */
export function tooDeepAt(text: string): number | undefined {
  // Each level takes a bracket and what closes it.
  if (text.length < 2 * DEEPEST) return undefined;
  const open: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 40 || c === 91 || c === 123) {
      if (open.push(c) > DEEPEST) return i;
    } else if (c === 41 || c === 93) open.pop();
    else if (c === 125) {
      if (open.pop() === TEMPLATE) i = endOfTemplate(text, i + 1, open);
    } else if (c === 34 || c === 39) i = endOfQuote(text, i);
    else if (c === 96) i = endOfTemplate(text, i + 1, open);
    else if (c === 47) i = endOfComment(text, i);
  }
  return undefined;
}

/** Stands for `${` among the open brackets: behind its brace the template goes on. */
const TEMPLATE = 96;

function endOfQuote(text: string, start: number): number {
  const quote = text.charCodeAt(start);
  for (let i = start + 1; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 92) i++;
    else if (c === quote || c === 10) return i;
  }
  return text.length;
}

function endOfTemplate(text: string, start: number, open: number[]): number {
  for (let i = start; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 92) i++;
    else if (c === 96) return i;
    else if (c === 36 && text.charCodeAt(i + 1) === 123) {
      open.push(TEMPLATE);
      return i + 1;
    }
  }
  return text.length;
}

function endOfComment(text: string, start: number): number {
  const next = text.charCodeAt(start + 1);
  const end = next === 47 ? text.indexOf("\n", start) : next === 42 ? text.indexOf("*/", start + 2) + 1 : start;
  return end <= 0 ? text.length : end;
}

/** How Python tidies indented text: `inspect.cleandoc`, at every read of a signature's instructions. Apart from `whitespace.ts`, because it stands in the first chunk. */
const LEADING = /^[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;

/** `str.lstrip()`. */
export function lstrip(text: string): string {
  return text.replace(LEADING, "");
}

/**
 * `inspect.cleandoc`. Not idempotent: the lines after the first lose their common margin on every application, so
 * callers count applications as DSPy does (dspy-semantics 1.4).
 */
export function cleandoc(text: string): string {
  const lines = expandtabs(text).split("\n");
  let margin = Number.POSITIVE_INFINITY;
  for (const line of lines.slice(1)) {
    const content = lstrip(line).length;
    if (content > 0) margin = Math.min(margin, line.length - content);
  }
  lines[0] = lstrip(lines[0]!);
  if (margin < Number.POSITIVE_INFINITY) for (let i = 1; i < lines.length; i++) lines[i] = lines[i]!.slice(margin);
  while (lines.at(-1) === "") lines.pop();
  while (lines[0] === "") lines.shift();
  return lines.join("\n");
}

/** `str.expandtabs()`: stops every 8 columns, counted in code points since the last line end. After a tab the column is a stop itself. */
function expandtabs(text: string): string {
  const pieces = text.split("\t");
  const last = pieces.pop()!;
  const expanded = pieces.map((piece) => {
    const line = piece.split(/[\n\r]/).at(-1)!;
    return piece + " ".repeat(8 - ([...line].length % 8));
  });
  return expanded.join("") + last;
}

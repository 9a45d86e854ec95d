/** How Python tidies indented text: `inspect.cleandoc`, at every read of a signature's instructions. */
import { lstrip } from "./lstrip.ts";

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
  while (lines.length > 0 && lines.at(-1) === "") lines.pop();
  while (lines.length > 0 && lines[0] === "") lines.shift();
  return lines.join("\n");
}

/** `str.expandtabs()`: stops every 8 columns, counted in code points since the last line end. */
function expandtabs(text: string): string {
  if (!text.includes("\t")) return text;
  let column = 0;
  let out = "";
  for (const char of text) {
    if (char === "\t") {
      const width = 8 - (column % 8);
      out += " ".repeat(width);
      column += width;
    } else {
      out += char;
      column = char === "\n" || char === "\r" ? 0 : column + 1;
    }
  }
  return out;
}

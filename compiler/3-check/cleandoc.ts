/** What `str.lstrip` strips: not the byte order mark, which JavaScript's `trim` does. */
const LEADING = /^[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;
const strip = (line: string): string => line.replace(LEADING, "");

/** Python's `inspect.cleandoc`, applied once, as DSPy does to a docstring (dspy-semantics 1.4). */
export function cleandoc(text: string): string {
  const lines = expandTabs(text).split("\n");
  const indents = lines
    .slice(1)
    .filter((line) => strip(line) !== "")
    .map((line) => line.length - strip(line).length);
  const margin = Math.min(...indents, Number.POSITIVE_INFINITY);
  const cut = lines.map((line, i) => (i === 0 ? strip(line) : line.slice(Number.isFinite(margin) ? margin : 0)));
  while (cut.length && cut[cut.length - 1] === "") cut.pop();
  while (cut.length && cut[0] === "") cut.shift();
  return cut.join("\n");
}

/** To columns of eight, counted from the start of each line. */
function expandTabs(text: string): string {
  if (!text.includes("\t")) return text;
  let column = 0;
  let out = "";
  for (const c of text) {
    if (c === "\t") {
      const width = 8 - (column % 8);
      out += " ".repeat(width);
      column += width;
    } else {
      out += c;
      column = c === "\n" || c === "\r" ? 0 : column + 1;
    }
  }
  return out;
}

/** `textwrap.dedent`: only spaces and tabs count as margin, and lines of nothing else become empty. */
export function dedent(text: string): string {
  const lines = text.split("\n").map((line) => (/^[ \t]+$/.test(line) ? "" : line));
  let margin: string | undefined;
  for (const line of lines) {
    if (line === "") continue;
    const indent = /^[ \t]*/.exec(line)![0];
    if (margin === undefined) margin = indent;
    else {
      let same = 0;
      while (same < margin.length && same < indent.length && margin[same] === indent[same]) same++;
      margin = margin.slice(0, same);
    }
  }
  return margin ? lines.map((line) => (line.startsWith(margin) ? line.slice(margin.length) : line)).join("\n") : lines.join("\n");
}

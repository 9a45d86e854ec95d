/**
 * Where text stands in a user's file. A literal's cooked text (escapes resolved) is what the grammar reads; its
 * offsets are mapped back to the file through `offsets`, so every diagnostic's span is right after escapes and
 * across the lines of a backtick literal.
 */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A file, as text. `path` is what messages print: relative to the working directory, with forward slashes. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/**
 * A literal's text inside a file. `offsets[i]` is the file offset (UTF-16 units) of cooked unit `i`;
 * `offsets[text.length]` is where the text ends. Inside an escape it is the escape's start; inside a folded
 * constant hole it is the hole's start.
 */
export interface Source {
  readonly file: SourceFile;
  readonly text: string;
  readonly offsets: ArrayLike<number>;
  /** Where unit `i` ends in the file; absent where that is where the next one starts, as in a text that is one literal. */
  readonly ends?: ArrayLike<number> | undefined;
}

/** A span of the literal's text as a span of its file. An empty span stays empty. */
export function inFile(source: Source, span: Span): Span {
  const last = source.text.length;
  const start = source.offsets[Math.min(span.start, last)] as number;
  const end =
    span.end <= span.start ? start : ((source.ends?.[Math.min(span.end, last) - 1] ?? source.offsets[Math.min(span.end, last)]) as number);
  return { start, end: Math.max(start, end) };
}

/** Text that is a whole file of its own: signature text on stdin, a string known only at run time. */
export function plainSource(text: string, path = "<signature>"): Source {
  const offsets = new Uint32Array(text.length + 1);
  for (let i = 0; i < offsets.length; i++) offsets[i] = i;
  return { file: { path, text }, text, offsets };
}

/** 1-based line, 1-based column in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export function position(text: string, offset: number): Position {
  const starts = lineStarts(text);
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - starts[low]! + 1 };
}

/** A line without its end, which may be `\n` or `\r\n`. */
export function lineText(text: string, line: number): string {
  const starts = lineStarts(text);
  const end = starts[line];
  return text.slice(starts[line - 1], end === undefined ? undefined : end - 1).replace(/\r$/, "");
}

/** Of the text asked about last: thousands of findings in one file are placed with one look at it. Changes no answer. */
let indexed: { readonly text: string; readonly starts: readonly number[] } = { text: "", starts: [0] };

function lineStarts(text: string): readonly number[] {
  if (indexed.text !== text) {
    const starts = [0];
    for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
    indexed = { text, starts };
  }
  return indexed.starts;
}

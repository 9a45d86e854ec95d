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
  readonly ends?: ArrayLike<number>;
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
  return { file: { path, text }, text, offsets: Uint32Array.from({ length: text.length + 1 }, (_, i) => i) };
}

/** 1-based line, 1-based column in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export function position(text: string, offset: number): Position {
  let line = 1;
  let start = 0;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) {
    line++;
    start = at + 1;
  }
  return { line, column: offset - start + 1 };
}

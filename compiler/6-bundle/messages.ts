/** Findings in the bundlers' own shapes: esbuild counts columns and lengths in UTF-8 bytes, the others in UTF-16 units. */
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { position, type SourceFile, type Span } from "../source.ts";

/** esbuild's PartialMessage, without its import: only `esbuild.ts` knows esbuild. */
export interface BundlerMessage {
  readonly text: string;
  /** esbuild keeps this for whoever reads its result; an `id` it does not. */
  readonly detail: { readonly code: string };
  readonly location: BundlerLocation;
  readonly notes: { readonly text: string; readonly location?: BundlerLocation }[];
}

export interface BundlerLocation {
  readonly file: string;
  readonly namespace: string;
  /** From 1. */
  readonly line: number;
  /** From 0, in bytes. */
  readonly column: number;
  /** In bytes, to the end of the line at most. */
  readonly length: number;
  readonly lineText: string;
}

export function esbuildMessage(diagnostic: Diagnostic): BundlerMessage {
  const { code, message, file, span, hint, related = [] } = diagnostic;
  return {
    detail: { code },
    text: `${message} [${code}]`,
    location: esbuildLocation(file, span),
    notes: [
      ...related.map((note) => ({ text: note.message, location: esbuildLocation(note.file, note.span) })),
      ...(hint === undefined ? [] : [{ text: hint }]),
    ],
  };
}

function esbuildLocation(file: SourceFile, span: Span): BundlerLocation {
  const { line, column } = position(file.text, span.start);
  const start = span.start - (column - 1);
  const end = lineEnd(file.text, span.start);
  const bytes = (from: number, to: number) => Buffer.byteLength(file.text.slice(from, to));
  return {
    file: file.path,
    namespace: "file",
    line,
    column: bytes(start, span.start),
    length: bytes(span.start, Math.min(span.end, end)),
    lineText: file.text.slice(start, end),
  };
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  if (end === -1) return text.length;
  return text[end - 1] === "\r" && end > from ? end - 1 : end;
}

/** One message for bundlers that know a text and a place: rollup, vite, webpack, rspack, bun. */
export function plainMessage(diagnostic: Diagnostic): string {
  const { code, message, file, span, hint, related = [] } = diagnostic;
  const { line, column } = position(file.text, span.start);
  const start = span.start - (column - 1);
  const end = lineEnd(file.text, span.start);
  const lineText = file.text.slice(start, end);
  const gutter = `${line} | `;
  const caret = lineText.slice(0, column - 1).replace(/[^\t]/g, " ") + "^".repeat(Math.max(1, Math.min(span.end, end) - span.start));
  const notes = related.map((note) => {
    const at = position(note.file.text, note.span.start);
    return `${note.file.path}:${at.line}:${at.column}: ${note.message}`;
  });
  return [
    `${file.path}:${line}:${column}: ${message} [${code}]`,
    gutter + lineText,
    " ".repeat(gutter.length) + caret,
    ...(hint ? [hint] : []),
    ...notes,
  ].join("\n");
}

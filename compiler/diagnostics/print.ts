/**
 * A diagnostic as text:
 *
 *     error type_unknown: `strng` is not a type DSPy knows.
 *       --> src/triage.ts:3:30
 *        |
 *      3 | const T = sig("message: strng -> label");
 *        |                         ^^^^^
 *        = Did you mean `str`?
 */
import { lineText, type Position, position, type SourceFile, type Span } from "../source.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { displayWidth } from "./width.ts";

/** Lines of a long span that are shown: the first ones and the last. */
const SHOWN = 3;
/** A longer line is cut around the caret. */
const WIDEST = 160;

export function printDiagnostic({ code, severity, message, file, span, hint, related }: Diagnostic): string {
  const parts = [`${severity} ${code}: ${message}`, frame(file, span, "^")];
  if (hint) parts.push(`${" ".repeat(gutter(file, span))} = ${hint}`);
  for (const note of related ?? []) parts.push(`note: ${note.message}`, frame(note.file, note.span, "-"));
  return parts.join("\n");
}

const gutter = (file: SourceFile, span: Span): number => String(position(file.text, span.end).line).length + 1;

function frame(file: SourceFile, span: Span, mark: string): string {
  const start = position(file.text, span.start);
  const end = position(file.text, span.end);
  const width = gutter(file, span);
  const empty = `${" ".repeat(width)} |`;
  const lines = [`${" ".repeat(width)}--> ${file.path}:${start.line}:${start.column}`, empty];
  const all = Array.from({ length: end.line - start.line + 1 }, (_, i) => start.line + i);
  // A span that ends at a line's start says nothing of that line.
  if (all.length > 1 && end.column === 1) all.pop();
  const shown = all.length <= SHOWN + 1 ? all : [...all.slice(0, SHOWN - 1), undefined, all[all.length - 1]!];
  for (const line of shown) {
    if (line === undefined) lines.push(`${" ".repeat(width - 1)}...`);
    else lines.push(...markedLine(file.text, line, start, end, mark, width));
  }
  return lines.join("\n");
}

function markedLine(text: string, line: number, start: Position, end: Position, mark: string, width: number): string[] {
  const whole = lineText(text, line);
  const from = line === start.line ? start.column - 1 : whole.length - whole.trimStart().length;
  const to = Math.max(line === end.line ? end.column - 1 : whole.trimEnd().length, from);
  const { shown, left } = cut(whole, from, to);
  const before = expand(shown.slice(0, from - left), 0);
  const marked = expand(shown.slice(from - left, to - left), displayWidth(before));
  const carets = mark.repeat(Math.max(1, displayWidth(marked)));
  return [
    `${String(line).padStart(width)} | ${expand(shown, 0)}`.trimEnd(),
    `${" ".repeat(width)} | ${" ".repeat(displayWidth(before))}${carets}`,
  ];
}

function cut(line: string, from: number, to: number): { shown: string; left: number } {
  if (line.length <= WIDEST) return { shown: line, left: 0 };
  const left = Math.max(0, Math.min(from - 40, line.length - WIDEST));
  return { shown: line.slice(left, Math.max(left + WIDEST, Math.min(to, left + 2 * WIDEST))), left };
}

/** Tabs become spaces up to the next column of four; what cannot be seen is shown as a dot, so that carets stay true. */
function expand(text: string, column: number): string {
  let out = "";
  for (const c of text) {
    if (c === "\t") out += " ".repeat(4 - ((column + displayWidth(out)) % 4));
    else out += /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(c) ? "\u00B7" : c;
  }
  return out;
}

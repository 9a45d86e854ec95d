/** Diagnostics as JSON rows and as GitHub's workflow commands; the text form is `diagnostics/print.ts`. */
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { position, type SourceFile, type Span } from "../source.ts";

export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** Lines and columns count from 1, columns in UTF-16 units, ends exclusive. */
export interface DiagnosticRow extends Place {
  readonly code: string;
  readonly severity: string;
  readonly message: string;
  readonly hint?: string;
  readonly related?: readonly (Place & { readonly message: string })[];
}

export function diagnosticRow({ code, severity, message, file, span, hint, related }: Diagnostic): DiagnosticRow {
  return {
    code,
    severity,
    message,
    ...place(file, span),
    ...(hint === undefined ? {} : { hint }),
    ...(related?.length ? { related: related.map((note) => ({ message: note.message, ...place(note.file, note.span) })) } : {}),
  };
}

function place(file: SourceFile, span: Span): Place {
  const start = position(file.text, span.start);
  const end = position(file.text, span.end);
  return { file: file.path, line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
}

/** `::error file=...,line=...::message`: an annotation on the line of a pull request. */
export function githubLine(diagnostic: Diagnostic): string {
  const { code, severity, message, hint, file, line, column, endLine, endColumn } = diagnosticRow(diagnostic);
  const kind = severity === "error" ? "error" : severity === "warning" ? "warning" : "notice";
  const properties = { file, line, endLine, col: column, endColumn: Math.max(column, endColumn - 1), title: code };
  const list = Object.entries(properties).map(
    ([key, value]) => `${key}=${escapeData(String(value)).replaceAll(":", "%3A").replaceAll(",", "%2C")}`,
  );
  return `::${kind} ${list.join(",")}::${escapeData(hint ? `${message}\n${hint}` : message)}`;
}

const escapeData = (text: string): string => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

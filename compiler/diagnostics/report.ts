/** How a stage says what it found: spans of the literal go in, spans of the file come out. */
import { inFile, type Source, type SourceFile, type Span } from "../source.ts";
import { type Code, codes } from "./codes.ts";
import type { Diagnostic, Severity } from "./diagnostic.ts";

interface Details {
  readonly hint?: string | undefined;
  readonly related?: readonly { readonly message: string; readonly span: Span }[];
  /** Only where the catalogue's severity depends on the place. */
  readonly severity?: Severity;
}

/** `message` is one sentence. */
export type Report = (code: Code, span: Span, message: string, details?: Details) => void;

/** More than this from one literal helps nobody; what is left out is counted in `too_many_errors`. */
const LIMIT = 50;

export function reporter(source: Source, into: Diagnostic[]): Report {
  return mapped(source.file, (span) => inFile(source, span), into);
}

/** For stages that speak of the file itself. */
export function fileReporter(file: SourceFile, into: Diagnostic[]): Report {
  return mapped(file, (span) => span, into);
}

function mapped(file: SourceFile, place: (span: Span) => Span, into: Diagnostic[]): Report {
  let count = 0;
  return (code, span, message, details = {}) => {
    count++;
    if (count > LIMIT + 1) return;
    if (count === LIMIT + 1) {
      into.push({
        code: "too_many_errors",
        severity: "error",
        message: `There are more than ${LIMIT} findings here; the rest is not shown.`,
        file,
        span: place(span),
      });
      return;
    }
    into.push({
      code,
      severity: details.severity ?? codes[code].severity,
      message: clipped(message),
      file,
      span: place(span),
      ...(details.hint === undefined ? {} : { hint: clipped(details.hint) }),
      ...(details.related ? { related: details.related.map((r) => ({ message: r.message, file, span: place(r.span) })) } : {}),
    });
  };
}

/** A message quotes the user's text, which can be any length. */
const clipped = (text: string): string => (text.length <= 300 ? text : `${text.slice(0, 200)} ... ${text.slice(-80)}`);

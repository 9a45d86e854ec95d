/** A finding in the user's code, as data; `print.ts` words it, each plugin hands it on in its bundler's own shape. */
import type { SourceFile, Span } from "../source.ts";

export type Severity = "error" | "warning" | "info";

export interface Diagnostic {
  /** A word code that never changes; the catalogue in `codes.ts` explains each. */
  readonly code: string;
  readonly severity: Severity;
  /** One sentence. */
  readonly message: string;
  readonly file: SourceFile;
  /** In the file, UTF-16 units, end exclusive. */
  readonly span: Span;
  /** What to do, one sentence; "did you mean" included. */
  readonly hint?: string;
  readonly related?: readonly { readonly message: string; readonly file: SourceFile; readonly span: Span }[];
}

/** What every stage returns: a value (absent when it could not be made) and what was found on the way. */
export interface Staged<T> {
  readonly value: T;
  readonly diagnostics: readonly Diagnostic[];
}

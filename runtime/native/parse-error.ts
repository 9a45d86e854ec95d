/**
 * The completion does not hold the outputs: DSPy's AdapterParseError. Internal; it decides the fallback, and leaves the
 * engine as a SignatureError.
 */
export class ParseError extends Error {
  /** The output that could not be read; undefined where outputs are missing, or nothing could be read at all. */
  readonly field: string | undefined;
  readonly missing: readonly string[];
  /** What had been read. */
  readonly parsed: Readonly<Record<string, unknown>>;
  /** Which of several answers it was. */
  choice = 0;
  constructor(message: string, details: { field?: string; missing?: readonly string[]; parsed?: Readonly<Record<string, unknown>> } = {}) {
    super(message);
    this.field = details.field;
    this.missing = details.missing ?? [];
    this.parsed = details.parsed ?? {};
  }
}

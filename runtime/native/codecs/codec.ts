/** How one field stands in prompts and is read from completions. */
export interface Codec {
  /** The type as prompts name it. */
  readonly annotation: string;
  /** What follows `{name}` in the structure of an output, from `must` on; empty for text. */
  readonly note: string;
  /** Descriptions of DSPy's own types inside this one; empty for most. */
  readonly about: string;
  /** A value as prompt text. Throws `BEYOND` where the codec does not know the value. */
  write(value: unknown): string;
  /** A value from a completion's text. Throws `BEYOND` where the codec does not know the text; whatever else it throws is the text's fault. */
  read(text: string): unknown;
}

/** Thrown by the small codecs where the full ones are needed, which load on demand. */
export const BEYOND: unique symbol = Symbol("beyond");

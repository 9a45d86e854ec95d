/** Reads a completion as it arrives. Work is linear in the text: no reader looks at a character again with the next chunk. */
export interface StreamReader {
  feed(chunk: string): void;
  /** No more text will come. */
  end(): void;
}

/** What a reader tells: a piece of a field's text, and that the field is complete. */
export interface FieldSink {
  text(field: string, piece: string): void;
  close(field: string): void;
}

/** Reads a completion as it arrives. Work is linear in the text: no reader looks at a character again with the next chunk. */
export interface StreamReader {
  feed(chunk: string): void;
  /** No more text will come. */
  end(): void;
}

/** `json`: the text is a JSON value as it is written; `text`: it is what the adapter would read the value from. */
export type Form = "text" | "json";

/** What a reader tells: that a field begins, a piece of its text, and that it is complete. */
export interface FieldSink {
  begin(field: string, form: Form): void;
  text(field: string, piece: string): void;
  close(field: string): void;
}

/** What is known of a string while it is read. */
import { blank, type Cursor } from "./cursor.ts";

export class StringState {
  /** No opening quote. */
  bare = false;
  /** Begun by two quotes, to be closed by two. */
  doubled = false;
  left = '"';
  right = '"';
  /** The text so far, in pieces: looking at the end of one growing string would copy it at every character. */
  private readonly pieces: string[] = [];
  /** The text's last character; empty while there is none. */
  last = "";
  /** An odd quote was taken as text; the next one is too. */
  unmatched = false;
  /** A comma said that a list or object follows as text. */
  pending = false;
  readonly containers: string[] = [];
  noMoreDelimiters = false;
  /** Braces taken as text and not closed yet. */
  openBraces = 0;
  /** Behind a square bracket, with nothing blank since: `[^"` may be part of a regular expression. */
  inClass = false;
  /** How many low opening quotes („) are open. */
  low = 0;
  readonly found: Map<string, { from: number; at: number | undefined }> = new Map();

  append(content: string): void {
    if (content === "") return;
    this.pieces.push(content);
    this.last = content.at(-1)!;
    for (const char of content) {
      if (char === "{") this.openBraces++;
      else if (char === "}") this.openBraces -= this.openBraces > 0 ? 1 : 0;
      else if (char === "[") this.inClass = true;
      else if (char === "]" || (this.inClass && blank(char))) this.inClass = false;
    }
  }

  /** Puts `content` where the backslash at the end stands. */
  replaceBackslash(content: string): void {
    const piece = this.pieces.pop()!.slice(0, -1);
    if (piece !== "") this.pieces.push(piece);
    this.last = piece.at(-1) ?? this.pieces.at(-1)?.at(-1) ?? "";
    this.append(content);
  }

  text(): string {
    return this.pieces.join("");
  }
}

export const inLowQuotes = (state: StringState): boolean => state.low > 0;

/** `Cursor.find`, remembered: a long string asks the same question at every comma. */
export function cachedFind(cursor: Cursor, state: StringState, targets: string, offset = 0): number {
  const start = cursor.index + offset;
  const known = state.found.get(targets);
  if (known) {
    if (known.at === undefined && start >= known.from) return cursor.length - cursor.index;
    if (known.at !== undefined && known.from <= start && start <= known.at) return known.at - cursor.index;
  }
  const found = cursor.find(targets, offset);
  const at = cursor.index + found;
  if (cursor.at(found) === undefined) state.found.set(targets, { from: start, at: undefined });
  else if (at === 0 || cursor.chars[at - 1] !== "\\") state.found.set(targets, { from: start, at });
  return found;
}

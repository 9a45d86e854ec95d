/** What is known of a string while it is read. */
import type { Cursor } from "./cursor.ts";

export class StringState {
  /** No opening quote. */
  bare = false;
  /** Begun by two quotes, to be closed by two. */
  doubled = false;
  left = '"';
  right = '"';
  text = "";
  /** An odd quote was taken as text; the next one is too. */
  unmatched = false;
  /** A comma said that a list or object follows as text. */
  pending = false;
  readonly containers: string[] = [];
  noMoreDelimiters = false;
  /** Braces taken as text and not closed yet. */
  openBraces = 0;
  /** Where in `text` a square bracket's content begins. */
  classStart: number | undefined;
  /** How many low opening quotes („) are open. */
  low = 0;
  readonly found: Map<string, { from: number; at: number | undefined }> = new Map();

  append(content: string): void {
    const base = this.text.length;
    this.text += content;
    for (let i = 0; i < content.length; i++) {
      const char = content[i];
      if (char === "{") this.openBraces++;
      else if (char === "}") this.openBraces -= this.openBraces > 0 ? 1 : 0;
      else if (char === "[") this.classStart = base + i + 1;
      else if (char === "]") this.classStart = undefined;
    }
  }

  /** Puts `content` where the backslash at the end stands. */
  replaceBackslash(content: string): void {
    this.text = this.text.slice(0, -1);
    this.append(content);
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

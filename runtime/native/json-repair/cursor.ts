/**
 * The text being repaired, a place in it, and what encloses that place. Every look at a character costs one unit of
 * work; text made to be slow runs out of units and fails, so repair never hangs (a completion is untrusted).
 */
import { isSpace } from "../python/whitespace.ts";

/** json_repair gives up on the text: too deep, or too much work. Python would raise, or run for minutes. */
export class RepairError extends Error {}

export type Inside = "key" | "value" | "array";
/** Every mark that may open or close a string. */
export const QUOTES = "\"'“”";
/** Python's recursion limit ends json_repair near this depth. */
const MAX_DEPTH = 300;

export const isQuote = (char: string | undefined): char is string => char === '"' || char === "'" || char === "“" || char === "”";
export const blank = (char: string): boolean => isSpace(char.charCodeAt(0));
export const isAlpha = (char: string): boolean => (char < "\x80" ? /[a-zA-Z]/.test(char) : /\p{L}/u.test(char));
export const isDigit = (char: string): boolean => (char < "\x80" ? char >= "0" && char <= "9" : /[\p{Nd}²³¹⁰⁴-⁹₀-₉]/u.test(char));
export const isAlnum = (char: string): boolean => (char < "\x80" ? /[a-zA-Z0-9]/.test(char) : /[\p{L}\p{N}]/u.test(char));

export class Cursor {
  /** Code points where the text has surrogates: Python counts and classifies those. */
  chars: string | string[];
  index = 0;
  private readonly around: Inside[] = [];
  private readonly depths: Record<Inside, number> = { key: 0, value: 0, array: 0 };
  /** Contexts the next value is read in, though nothing encloses it: json_repair keeps one after a set. */
  deferred: Inside[] = [];
  triedSuffix = false;
  private work: number;
  private depth = 0;

  constructor(text: string) {
    this.chars = /[\ud800-\udfff]/.test(text) ? Array.from(text) : text;
    this.work = 8_000_000 + 50 * text.length;
  }

  get length(): number {
    return this.chars.length;
  }
  get inside(): Inside | undefined {
    return this.around.at(-1);
  }
  within(what: Inside): boolean {
    return this.depths[what] > 0;
  }
  get enclosed(): boolean {
    return this.around.length > 0;
  }
  push(what: Inside): void {
    this.around.push(what);
    this.depths[what]++;
  }
  pop(): void {
    const what = this.around.pop();
    if (what) this.depths[what]--;
  }
  /** Forgets everything that encloses this place: the next value stands at the top. */
  clear(): void {
    while (this.around.length > 0) this.pop();
    this.deferred = [];
  }
  enter<T>(what: Inside, read: () => T): T {
    this.push(what);
    if (++this.depth > MAX_DEPTH * 2) throw new RepairError("too deep");
    const value = read();
    this.depth--;
    this.pop();
    return value;
  }

  spend(units: number): void {
    this.work -= units;
    if (this.work < 0) throw new RepairError("too much to repair");
  }

  /** The character `offset` away. Before the start Python wraps round to the end, and json_repair relies on nothing else. */
  at(offset = 0): string | undefined {
    if (--this.work < 0) throw new RepairError("too much to repair");
    const index = this.index + offset;
    return this.chars[index < 0 ? index + this.chars.length : index];
  }

  slice(start: number, end?: number): string {
    const part = this.chars.slice(start, end);
    return typeof part === "string" ? part : part.join("");
  }

  /** Puts `text` in place of the characters from `start` to `end`. */
  splice(start: number, end: number, text: string): void {
    this.spend(this.chars.length / 8);
    if (typeof this.chars === "string") this.chars = this.chars.slice(0, start) + text + this.chars.slice(end);
    else this.chars.splice(start, end - start, ...text);
  }

  skipSpace(): void {
    while (this.index < this.chars.length && blank(this.at()!)) this.index++;
  }

  /** The offset of the first character from `offset` on that is not white space. */
  scroll(offset = 0): number {
    let char = this.at(offset);
    while (char !== undefined && this.index + offset >= 0 && blank(char)) char = this.at(++offset);
    return offset;
  }

  /** The same towards the start. */
  scrollBack(offset: number): number {
    let char = this.at(offset);
    while (char !== undefined && this.index + offset >= 0 && blank(char)) char = this.at(--offset);
    return offset;
  }

  /** The offset of the next of `targets` that no backslash escapes; the distance to the end where there is none. */
  find(targets: string, offset = 0): number {
    const { chars } = this;
    const start = this.index + offset;
    let backslashes = 0;
    let i = start;
    for (; i < chars.length; i++) {
      const char = chars[i]!;
      if (char === "\\") backslashes++;
      else {
        if (backslashes % 2 === 0 && targets.includes(char)) break;
        backslashes = 0;
      }
    }
    this.spend(Math.max(0, i - start));
    return Math.min(i, chars.length) - this.index;
  }
}

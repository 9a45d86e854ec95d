/**
 * JSONAdapter's format, incrementally: the members of the first object, strings decoded as they come. It follows
 * well-formed JSON only; where the text leaves that path it says nothing more, and the whole-text parse at the end decides.
 */
import type { FieldSink, StreamReader } from "./reader.ts";

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f", '"': '"', "\\": "\\", "/": "/" };
type Place = "before" | "key-or-end" | "key" | "colon" | "value" | "string" | "other" | "comma" | "lost";

export class JsonReader implements StreamReader {
  private readonly fields: ReadonlySet<string>;
  private readonly sink: FieldSink;
  private place: Place = "before";
  private key = "";
  private field: string | undefined;
  private readonly seen = new Set<string>();
  /** An escape under way, backslash included. */
  private escape = "";
  private depth = 0;
  private quoted = false;

  constructor(fields: ReadonlySet<string>, sink: FieldSink) {
    this.fields = fields;
    this.sink = sink;
  }

  feed(chunk: string): void {
    let at = 0;
    while (at < chunk.length && this.place !== "lost") at = this.step(chunk, at);
  }

  private step(chunk: string, at: number): number {
    const char = chunk[at]!;
    switch (this.place) {
      case "before": {
        const open = chunk.indexOf("{", at);
        if (open === -1) return chunk.length;
        this.place = "key-or-end";
        return open + 1;
      }
      case "key":
      case "string":
        return this.inString(chunk, at);
      case "other":
        return this.inOther(chunk, at);
      default:
        if (" \t\r\n".includes(char)) return at + 1;
        return at + this.structure(char);
    }
  }

  /** How many characters it took: a value that is no string is read from its first character on. */
  private structure(char: string): 0 | 1 {
    if (this.place === "key-or-end" && char === '"') {
      this.place = "key";
      this.key = "";
    } else if (this.place === "colon" && char === ":") this.place = "value";
    else if (this.place === "value") {
      this.field = this.fields.has(this.key) ? this.key : undefined;
      this.place = char === '"' ? "string" : "other";
      if (this.field !== undefined) {
        if (this.seen.has(this.field)) {
          // The last of equal members wins; what was shown is wrong already.
          this.place = "lost";
          return 1;
        }
        this.seen.add(this.field);
        this.sink.begin(this.field, char === '"' ? "text" : "json");
      }
      this.depth = 0;
      this.quoted = false;
      if (char !== '"') return 0;
    } else if (this.place === "comma" && char === ",") this.place = "key-or-end";
    else this.place = "lost";
    return 1;
  }

  /** A run without quotes or backslashes goes out in one piece. */
  private inString(chunk: string, at: number): number {
    if (this.escape) return this.inEscape(chunk, at);
    let end = at;
    while (end < chunk.length) {
      const code = chunk.charCodeAt(end);
      if (code === 34 || code === 92) break;
      if (code < 32) {
        this.place = "lost";
        return chunk.length;
      }
      end++;
    }
    if (end > at) this.put(chunk.slice(at, end));
    if (end === chunk.length) return end;
    if (chunk[end] === "\\") this.escape = "\\";
    else if (this.place === "key") this.place = "colon";
    else this.closeValue();
    return end + 1;
  }

  private inEscape(chunk: string, at: number): number {
    this.escape += chunk[at]!;
    const kind = this.escape[1]!;
    if (kind === "u") {
      if (this.escape.length < 6) return at + 1;
      const code = Number.parseInt(this.escape.slice(2), 16);
      if (!/^[0-9a-fA-F]{4}$/.test(this.escape.slice(2))) this.place = "lost";
      else this.put(String.fromCharCode(code));
    } else if (ESCAPES[kind] === undefined) this.place = "lost";
    else this.put(ESCAPES[kind]);
    this.escape = "";
    return at + 1;
  }

  /** A number, a word, or a nested value: its text up to the comma or brace that ends it. */
  private inOther(chunk: string, start: number): number {
    let at = start;
    let ends = false;
    for (; at < chunk.length; at++) {
      const char = chunk[at]!;
      if (this.quoted) {
        if (this.escape) this.escape = "";
        else if (char === "\\") this.escape = "\\";
        else if (char === '"') this.quoted = false;
      } else if (char === '"') this.quoted = true;
      else if (char === "{" || char === "[") this.depth++;
      else if ((char === "}" || char === "]") && this.depth > 0) this.depth--;
      else if (this.depth === 0 && (char === "," || char === "}")) {
        ends = true;
        break;
      }
    }
    if (this.field !== undefined && at > start) this.sink.text(this.field, chunk.slice(start, at));
    if (!ends) return at;
    this.closeValue();
    this.place = chunk[at] === "," ? "key-or-end" : "lost";
    return at + 1;
  }

  private put(text: string): void {
    if (this.place === "key") this.key += text;
    else if (this.field !== undefined) this.sink.text(this.field, text);
  }

  private closeValue(): void {
    if (this.field !== undefined) this.sink.close(this.field);
    this.field = undefined;
    this.place = "comma";
  }

  end(): void {}
}

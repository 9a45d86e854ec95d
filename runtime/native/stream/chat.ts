/**
 * ChatAdapter's format, incrementally: lines that may still become a header are held back, everything else goes to its
 * field at once, white space at a field's end excepted. The same lines, headers and trimming as `sections` in
 * adapters/chat.ts, the header bug included.
 */
import { lstrip } from "../python/doc.ts";
import { isSpace } from "../python/whitespace.ts";
import type { FieldSink, StreamReader } from "./reader.ts";

const OPEN = "[[ ## ";
const CLOSE = " ## ]]";
const LINE_END = /[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/g;
const WORD = /[\p{L}\p{N}_]/u;

/** Where in a line the reader is: blanks, a header's parts, or past the question whether it is one. */
type Place = "start" | "open" | "name" | "close" | "text";

export class ChatReader implements StreamReader {
  private readonly fields: ReadonlySet<string>;
  private readonly sink: FieldSink;
  private readonly seen = new Set<string>();
  private field: string | undefined;
  private place: Place = "start";
  /** What of the line is held back, and how much of it is leading blanks. */
  private line = "";
  private blanks = 0;
  private matched = 0;
  private name = "";
  /** On a header's own line trailing blanks are dropped. */
  private onHeaderLine = false;
  private afterReturn = false;
  private started = false;
  private held = "";

  constructor(fields: ReadonlySet<string>, sink: FieldSink) {
    this.fields = fields;
    this.sink = sink;
  }

  feed(chunk: string): void {
    let at = 0;
    if (this.afterReturn && chunk.length > 0) {
      this.afterReturn = false;
      if (chunk[0] === "\n") at = 1;
    }
    while (at < chunk.length) {
      if (this.place !== "text") {
        at = this.maybeHeader(chunk, at);
        continue;
      }
      LINE_END.lastIndex = at;
      const found = LINE_END.exec(chunk);
      const end = found ? found.index : chunk.length;
      if (end > at) this.push(chunk.slice(at, end));
      at = end;
      if (found) at = this.lineEnd(chunk, at);
    }
  }

  /** One character of a line that may be a header. */
  private maybeHeader(chunk: string, at: number): number {
    LINE_END.lastIndex = at;
    const char = chunk[at]!;
    if (LINE_END.exec(chunk)?.index === at) {
      this.notHeader();
      return this.lineEnd(chunk, at);
    }
    this.line += char;
    if (this.place === "start" && isSpace(char.charCodeAt(0))) this.blanks++;
    else if ((this.place === "start" || this.place === "open") && char === OPEN[this.matched]) {
      this.place = "open";
      if (++this.matched === OPEN.length) this.to("name");
    } else if (this.place === "name" && isWord(char)) this.name += char;
    else if ((this.place === "close" || (this.place === "name" && this.name !== "")) && char === CLOSE[this.matched]) {
      this.place = "close";
      if (++this.matched === CLOSE.length) this.header();
    } else this.notHeader();
    return at + 1;
  }

  private to(place: Place): void {
    this.place = place;
    this.matched = 0;
  }

  private notHeader(): void {
    const { line } = this;
    this.line = "";
    this.to("text");
    this.push(line);
  }

  private header(): void {
    this.closeField();
    const leaked = this.blanks > 0 ? this.line.slice(-this.blanks) : "";
    this.field = this.fields.has(this.name) && !this.seen.has(this.name) ? this.name : undefined;
    if (this.field !== undefined) {
      this.seen.add(this.field);
      this.sink.begin(this.field, "text");
    }
    this.line = "";
    this.to("text");
    this.onHeaderLine = true;
    this.push(leaked);
  }

  private lineEnd(chunk: string, at: number): number {
    if (this.onHeaderLine) this.held = "";
    if (this.started) this.held += "\n";
    this.onHeaderLine = false;
    this.place = "start";
    this.line = "";
    this.blanks = 0;
    this.matched = 0;
    this.name = "";
    if (chunk[at] === "\r") {
      if (at + 1 === chunk.length) this.afterReturn = true;
      else if (chunk[at + 1] === "\n") return at + 2;
    }
    return at + 1;
  }

  /** Text of the current field: leading blanks go, trailing ones wait for what follows. */
  private push(text: string): void {
    if (this.field === undefined) return;
    let body = text;
    if (!this.started) {
      body = lstrip(body);
      if (body === "") return;
      this.started = true;
    }
    let end = body.length;
    while (end > 0 && isSpace(body.charCodeAt(end - 1))) end--;
    if (end === 0) {
      this.held += body;
      return;
    }
    this.sink.text(this.field, this.held + body.slice(0, end));
    this.held = body.slice(end);
  }

  private closeField(): void {
    if (this.field !== undefined) this.sink.close(this.field);
    this.field = undefined;
    this.started = false;
    this.held = "";
  }

  end(): void {
    if (this.place !== "text") this.notHeader();
    this.closeField();
  }
}

/** A surrogate half counts as a letter: names beyond the basic plane are letters, and others never name a field. */
const isWord = (char: string): boolean => (char < "\x80" ? /\w/.test(char) : (char >= "\ud800" && char < "\ue000") || WORD.test(char));

/**
 * XMLAdapter's format, incrementally: text between a field's own tags, trimmed, the five named entities undone. Nested
 * tags are part of the field's text. Where the text is not plain enough the whole-text parse at the end decides.
 */
import { lstrip } from "../python/doc.ts";
import { isSpace } from "../python/whitespace.ts";
import type { FieldSink, StreamReader } from "./reader.ts";

const ENTITIES: Readonly<Record<string, string>> = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'" };

export class XmlReader implements StreamReader {
  private readonly fields: ReadonlySet<string>;
  private readonly sink: FieldSink;
  private field: string | undefined;
  private readonly seen = new Set<string>();
  /** Open tags with the field's own name inside it. */
  private depth = 0;
  /** A tag or an entity under way. */
  private readonly mark: string[] = [];
  private started = false;
  private held = "";

  constructor(fields: ReadonlySet<string>, sink: FieldSink) {
    this.fields = fields;
    this.sink = sink;
  }

  feed(chunk: string): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.mark.length > 0) {
        const end = chunk.indexOf(this.mark[0] === "<" ? ">" : ";", at);
        this.mark.push(end === -1 ? chunk.slice(at) : chunk.slice(at, end + 1));
        at = end === -1 ? chunk.length : end + 1;
        if (end !== -1) this.finishMark();
        continue;
      }
      let end = at;
      while (end < chunk.length && chunk[end] !== "<" && chunk[end] !== "&") end++;
      if (end > at) this.push(chunk.slice(at, end));
      if (end < chunk.length) this.mark.push(chunk[end]!);
      at = end + 1;
    }
  }

  private finishMark(): void {
    const mark = this.mark.splice(0).join("");
    if (mark[0] === "&") {
      this.push(ENTITIES[mark] ?? mark);
      return;
    }
    const name = /^<\/?([^\s/>]+)/.exec(mark)?.[1];
    if (this.field === undefined) {
      if (name !== undefined && mark[1] !== "/" && !mark.endsWith("/>") && this.fields.has(name) && !this.seen.has(name)) {
        this.field = name;
        this.seen.add(name);
        this.sink.begin(name, "text");
        this.depth = 0;
        this.started = false;
        this.held = "";
      }
      return;
    }
    if (name === this.field && mark[1] === "/" && this.depth-- === 0) {
      this.sink.close(this.field);
      this.field = undefined;
      return;
    }
    if (name === this.field && mark[1] !== "/" && !mark.endsWith("/>")) this.depth++;
    this.push(mark);
  }

  private push(text: string): void {
    if (this.field === undefined) return;
    const body = this.started ? text : lstrip(text);
    if (body === "") return;
    this.started = true;
    let end = body.length;
    while (end > 0 && isSpace(body.charCodeAt(end - 1))) end--;
    if (end === 0) this.held += body;
    else {
      this.sink.text(this.field, this.held + body.slice(0, end));
      this.held = body.slice(end);
    }
  }

  end(): void {}
}

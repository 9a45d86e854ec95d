/** A template's text to its tree, in one pass; see the README of this folder for the language. */
import type { Expression, ForNode, TemplateAst, TemplateNode, TemplateSpan } from "./ast.ts";
import { templateError } from "./error.ts";
import { ExpressionReader } from "./expression.ts";
import { type Token, tokensOf } from "./tokens.ts";

const MAX_BLOCKS = 64;

/** A block that is still open: where its parts go, and what it binds. */
interface Block {
  readonly opened: TemplateSpan;
  readonly kind: "if" | "for";
  readonly branches: { condition: Expression; body: TemplateNode[] }[];
  readonly loop: Pick<ForNode, "key" | "item" | "list"> | undefined;
  readonly body: TemplateNode[];
  otherwise: TemplateNode[] | undefined;
  /** Names bound in the part being read. */
  bound: readonly string[];
}

export function parseTemplate(text: string): TemplateAst {
  return new TemplateReader(text).read();
}

class TemplateReader {
  readonly #text: string;
  readonly #root: TemplateNode[] = [];
  readonly #blocks: Block[] = [];
  readonly #names = new Map<string, TemplateSpan>();
  /** Text that is not yet a node. */
  #plain = "";

  constructor(text: string) {
    this.#text = text;
  }

  read(): TemplateAst {
    const text = this.#text;
    let at = 0;
    for (let open = text.indexOf("<%"); open !== -1; open = text.indexOf("<%", at)) {
      this.#plain += text.slice(at, open);
      if (text[open + 2] === "%") {
        this.#plain += "<%";
        at = open + 3;
      } else if (text[open + 2] === "#") at = this.#skipLine(open, this.#comment(open));
      else at = this.#tag(open);
    }
    this.#plain += text.slice(at);
    this.#flush();
    const unclosed = this.#blocks.at(-1);
    if (unclosed) throw this.#error(unclosed.opened, `this \`${unclosed.kind}\` has no end.`, "Close it with <% end %>.");
    return { text, nodes: this.#root, names: [...this.#names].map(([name, span]) => ({ name, span })) };
  }

  #error(span: TemplateSpan, what: string, remedy: string): Error {
    return templateError("template_syntax", this.#text, span, what, remedy);
  }

  #comment(open: number): number {
    const close = this.#text.indexOf("%>", open);
    if (close === -1) throw this.#error({ start: open, end: open + 3 }, "this comment is never closed.", "Close it with %>.");
    return close + 2;
  }

  /** A tag that prints nothing and stands alone on its line takes the line with it. Only blanks are walked: a long line costs nothing. */
  #skipLine(open: number, end: number): number {
    const text = this.#text;
    let from = open;
    while (text[from - 1] === " " || text[from - 1] === "\t") from--;
    if (from > 0 && text[from - 1] !== "\n") return end;
    let to = end;
    while (text[to] === " " || text[to] === "\t") to++;
    if (text[to] === "\r" && text[to + 1] === "\n") to++;
    if (to < text.length && text[to] !== "\n") return end;
    if (this.#plain !== "") this.#plain = this.#plain.slice(0, this.#plain.length - (open - from));
    return to + 1;
  }

  /** Reads the tag at `open`; returns where the text goes on. */
  #tag(open: number): number {
    const prints = this.#text[open + 2] === "=";
    const tokens = tokensOf(this.#text, open, open + (prints ? 3 : 2));
    const end = tokens.at(-1)!.span.end;
    const reader = new ExpressionReader(this.#text, tokens);
    const span = { start: open, end };
    const word = reader.next.kind === "name" ? reader.next.text : "";
    const follows = tokens[1]!;
    // A field may be called `if` or `for`; a block's word is followed by more.
    if ((word === "if" || word === "for") && (!prints || follows.kind !== "end")) {
      reader.take();
      this.#flushBefore(open, end);
      if (word === "if") this.#openIf(reader, span);
      else this.#openFor(reader, span);
      reader.takeIf("do");
    } else if (prints) {
      const value = reader.expression();
      this.#flush();
      this.#use(reader);
      this.#add({ kind: "output", value });
      this.#finish(reader);
      return end;
    } else if (word === "else" || word === "end") {
      reader.take();
      this.#flushBefore(open, end);
      if (word === "end") this.#close(span);
      else this.#otherwise(reader, span);
    } else throw this.#error(span, "this tag is none that is known.", "Write <%= name %>, or if, else, for, end.");
    this.#finish(reader);
    return this.#skipLine(open, end);
  }

  #finish(reader: ExpressionReader): void {
    const { next } = reader;
    if (next.kind !== "end") throw this.#error(next.span, `\`${next.text}\` is not expected here.`, "The tag should end before it.");
  }

  #openIf(reader: ExpressionReader, opened: TemplateSpan): void {
    const condition = reader.expression();
    this.#use(reader);
    this.#open({ opened, kind: "if", branches: [{ condition, body: [] }], loop: undefined, body: [], otherwise: undefined, bound: [] });
  }

  /** `for item in list`, `for key, item in list`, and EEx's `for item <- list`. */
  #openFor(reader: ExpressionReader, opened: TemplateSpan): void {
    const first = this.#bound(reader.take());
    const second = reader.takeIf(",") ? this.#bound(reader.take()) : undefined;
    if (!reader.takeIf("in") && !reader.takeIf("<-"))
      throw this.#error(reader.next.span, "`in` is expected here.", "Write <% for item in items %>.");
    const list = reader.expression();
    if (list.kind !== "path") throw this.#error(opened, "a loop goes over a value of the context.", "Write its name after `in`.");
    this.#use(reader);
    const [key, item] = second === undefined ? [undefined, first] : [first, second];
    this.#open({
      opened,
      kind: "for",
      branches: [],
      loop: { key, item, list },
      body: [],
      otherwise: undefined,
      bound: key === undefined ? [item] : [key, item],
    });
  }

  #bound(token: Token): string {
    if (token.kind === "name" && token.text !== "__proto__") return token.text;
    throw this.#error(token.span, "a name for the item is expected here.", "Write <% for item in items %>.");
  }

  #open(block: Block): void {
    if (this.#blocks.length >= MAX_BLOCKS)
      throw this.#error(block.opened, `blocks stand more than ${MAX_BLOCKS} levels deep.`, "Render the inner part on its own.");
    this.#blocks.push(block);
  }

  /** `else`, and `else if` inside an `if`. */
  #otherwise(reader: ExpressionReader, span: TemplateSpan): void {
    const block = this.#blocks.at(-1);
    if (!block) throw this.#error(span, "this `else` belongs to nothing.", "It stands inside if or for.");
    if (block.otherwise) throw this.#error(span, `this \`${block.kind}\` has its else already.`, "Remove one of them.");
    if (reader.takeIf("if")) {
      if (block.kind === "for") throw this.#error(span, "a loop has no `else if`.", "Write else.");
      const condition = reader.expression();
      this.#use(reader);
      block.branches.push({ condition, body: [] });
      reader.takeIf("do");
      return;
    }
    block.otherwise = [];
    block.bound = [];
  }

  #close(span: TemplateSpan): void {
    const block = this.#blocks.pop();
    if (!block) throw this.#error(span, "this `end` closes nothing.", "Remove it.");
    const otherwise = block.otherwise ?? [];
    this.#add(
      block.loop ? { kind: "for", ...block.loop, body: block.body, otherwise } : { kind: "if", branches: block.branches, otherwise },
    );
  }

  /** Names no loop binds must come from the context; the first place they are used stands for them. */
  #use(reader: ExpressionReader): void {
    for (const { name, span } of reader.paths)
      if (!this.#names.has(name) && !this.#blocks.some(({ bound }) => bound.includes(name)))
        this.#names.set(name, { start: span.start, end: span.start + name.length });
  }

  #add(node: TemplateNode): void {
    const block = this.#blocks.at(-1);
    (block ? (block.otherwise ?? block.branches.at(-1)?.body ?? block.body) : this.#root).push(node);
  }

  /** Before a tag that may take its line with it: the line's indentation must not have become a node yet. */
  #flushBefore(open: number, end: number): void {
    this.#skipLine(open, end);
    this.#flush();
  }

  #flush(): void {
    if (this.#plain !== "") this.#add({ kind: "text", text: this.#plain });
    this.#plain = "";
  }
}

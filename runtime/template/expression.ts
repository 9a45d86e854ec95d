/**
 * The expressions of a tag: `not a and (b.c == "x" or d[0] > 1)`. Nothing can be called, and nothing is read but data:
 * the grammar has no word for either.
 */
import type { Expression, PathExpression, TemplateSpan } from "./ast.ts";
import { templateError } from "./error.ts";
import type { Token } from "./tokens.ts";

/** Far above what anyone writes, far below what a stack holds. */
const MAX_DEPTH = 64;
const RESERVED = ["and", "or", "not", "true", "false", "null"];
const COMPARISONS = ["==", "!=", "<", "<=", ">", ">="];

export class ExpressionReader {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #at: number;
  #depth = 0;
  /** Every path read, so that its first name can be checked against what is known. */
  readonly paths: PathExpression[] = [];

  constructor(text: string, tokens: readonly Token[], at = 0) {
    this.#text = text;
    this.#tokens = tokens;
    this.#at = at;
  }

  get next(): Token {
    return this.#tokens[this.#at]!;
  }

  take(): Token {
    return this.#tokens[this.#at++]!;
  }

  /** Takes the next token if it is this word or sign. */
  takeIf(text: string): boolean {
    const { kind } = this.next;
    if (this.next.text !== text || kind === "string" || kind === "end") return false;
    this.#at++;
    return true;
  }

  fail(span: TemplateSpan, what: string, remedy: string): never {
    throw templateError("template_syntax", this.#text, span, what, remedy);
  }

  expression(): Expression {
    if (++this.#depth > MAX_DEPTH)
      this.fail(this.next.span, `this expression is more than ${MAX_DEPTH} levels deep.`, "Prepare the value before it is rendered.");
    let left = this.#conjunction();
    while (this.takeIf("or")) left = { kind: "or", left, right: this.#conjunction() };
    this.#depth--;
    return left;
  }

  #conjunction(): Expression {
    let left = this.#comparison();
    while (this.takeIf("and")) left = { kind: "and", left, right: this.#comparison() };
    return left;
  }

  #comparison(): Expression {
    let negations = 0;
    while (this.takeIf("not")) negations++;
    let value = this.#operand();
    const { kind, text } = this.next;
    if (kind === "symbol" && COMPARISONS.includes(text)) {
      this.take();
      value = { kind: "compare", operator: text as "==", left: value, right: this.#operand() };
    }
    if (negations % 2) return { kind: "not", value };
    // Two negations make a truth value of what it was.
    return negations ? { kind: "not", value: { kind: "not", value } } : value;
  }

  #operand(): Expression {
    const token = this.take();
    if (token.kind === "string") return { kind: "constant", value: token.text };
    if (token.kind === "number") return { kind: "constant", value: Number(token.text) };
    if (token.text === "-" && this.next.kind === "number") return { kind: "constant", value: -Number(this.take().text) };
    if (token.text === "(" && token.kind === "symbol") {
      const inner = this.expression();
      if (!this.takeIf(")")) this.fail(this.next.span, "a closing parenthesis is missing.", "Write ) here.");
      return inner;
    }
    if (token.kind === "name") {
      if (token.text === "true" || token.text === "false") return { kind: "constant", value: token.text === "true" };
      if (token.text === "null") return { kind: "constant", value: null };
      if (!RESERVED.includes(token.text)) return this.#path(token);
    }
    const found = token.kind === "end" ? "the tag ends" : `\`${token.text}\` stands`;
    return this.fail(token.span, `a value is expected, and ${found} here.`, "Write a name, a constant or a condition.");
  }

  #path(first: Token): PathExpression {
    const fields: (string | number)[] = [];
    let end = first.span.end;
    const field = (name: string, span: TemplateSpan): void => {
      if (name === "__proto__") this.fail(span, "`__proto__` is not a field.", "A template reads data only.");
      fields.push(name);
    };
    if (first.text === "__proto__") this.fail(first.span, "`__proto__` is not a name.", "A template reads data only.");
    for (;;) {
      if (this.takeIf(".")) {
        const name = this.take();
        if (name.kind !== "name")
          this.fail(name.span, "a field's name is expected after the dot.", "Write a name, or [0] for an item of a list.");
        field(name.text, name.span);
        end = name.span.end;
      } else if (this.takeIf("[")) {
        const key = this.take();
        if (key.kind === "string") field(key.text, key.span);
        else if (key.kind === "number" && Number.isSafeInteger(Number(key.text))) fields.push(Number(key.text));
        else this.fail(key.span, "an item's number or a field's name in quotes is expected in the brackets.", 'Write [0] or ["name"].');
        end = this.next.span.end;
        if (!this.takeIf("]")) this.fail(this.next.span, "a closing bracket is missing.", "Write ] here.");
      } else break;
    }
    if (this.next.text === "(" && this.next.kind === "symbol")
      this.fail(this.next.span, "a template calls nothing.", "Call the function before, and give the template its result.");
    const path: PathExpression = { kind: "path", name: first.text, fields, span: { start: first.span.start, end } };
    this.paths.push(path);
    return path;
  }
}

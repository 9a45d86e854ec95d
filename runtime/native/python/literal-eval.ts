/**
 * `ast.literal_eval`: what DSPy tries on a completion that json_repair gives up on (`'text'`, `0x10`, `1_000`, `.5`,
 * `True`, `1, 2`). Returns undefined where Python raises ValueError or SyntaxError.
 */

import { dictOf, distinct } from "./equal.ts";
import { complexRepr } from "./float.ts";
import { asFloat, asInt, Bytes, Float, PySet, type PyValue, Scalar, Tuple } from "./value.ts";

class NotALiteral extends Error {}
/** A list, dict or set as a member of a set or a key: Python's TypeError, which DSPy does not catch. */
export class Unhashable extends Error {}
/** `\N{BULLET}`: whether there is such a character, and which, stands in Unicode's table of names, which the runtime does not carry. */
export class CharacterName extends Error {}
const MAX_DEPTH = 90;
const fail = (): never => {
  throw new NotALiteral();
};

export function literalEval(text: string): PyValue | undefined {
  try {
    return new Reader(text).whole();
  } catch (error) {
    if (error instanceof NotALiteral) return undefined;
    throw error;
  }
}

const NUMBER =
  /(?:0[xX](?:_?[0-9a-fA-F])+|0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|(?:[0-9](?:_?[0-9])*\.(?:[0-9](?:_?[0-9])*)?|\.[0-9](?:_?[0-9])*)(?:[eE][-+]?[0-9](?:_?[0-9])*)?|[0-9](?:_?[0-9])*(?:[eE][-+]?[0-9](?:_?[0-9])*)?)/y;
const PREFIX = /(?:[rR][bB]?|[bB][rR]?|[uU])?(?=['"])/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;

class Reader {
  private at = 0;
  private depth = 0;
  private hashless = false;
  private named: string | undefined;
  private readonly text: string;
  constructor(text: string) {
    // Python's source has one line end, and no half of a character.
    this.text = text.replace(/^[ \t]+/, "").replace(/\r\n?/g, "\n");
  }

  whole(): PyValue {
    if (/[\0\ud800-\udfff]/u.test(this.text)) fail();
    // Blank lines and comments may stand before; the expression itself, and an empty last line, may not be indented.
    this.match(/(?:[ \t\f]*(?:#[^\n]*)?\n)*\f*/y);
    if (/[ \t]/.test(this.text[this.at] ?? "") || /\n[ \t\f]*[ \t]$/.test(this.text)) fail();
    const first = this.expression();
    const items = this.more(first, "");
    this.space(false);
    while (this.text[this.at] === "\n") {
      this.at++;
      this.space(false);
    }
    if (this.at !== this.text.length) fail();
    if (this.named !== undefined) throw new CharacterName(`\\N{${this.named}} is a character by its name`);
    if (this.hashless) throw new Unhashable("a list, dict or set is no key and no member of a set");
    return items ? new Tuple(items) : first;
  }

  /** Blanks and comments; line ends too inside brackets. */
  private space(inside = this.depth > 0): void {
    // A continued line has to go on.
    const skip = inside ? /(?:[ \t\f\n]|\\\n(?!$)|#[^\n]*)*/y : /(?:[ \t\f]|\\\n(?!$)|#[^\n]*)*/y;
    skip.lastIndex = this.at;
    this.at += skip.exec(this.text)![0].length;
  }

  private token(char: string): boolean {
    this.space();
    if (this.text[this.at] !== char) return false;
    this.at++;
    return true;
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  /** `, b, c` after a first item, up to `close`; undefined where no comma follows. */
  private more(first: PyValue, close: string): PyValue[] | undefined {
    if (!this.token(",")) return undefined;
    const items = [first];
    for (;;) {
      this.space();
      const next = this.text[this.at];
      if (next === undefined || next === close || (close === "" && next === "\n")) return items;
      items.push(this.expression());
      if (!this.token(",")) return items;
    }
  }

  private nested<T>(read: () => T): T {
    if (++this.depth > MAX_DEPTH) fail();
    const value = read();
    this.depth--;
    return value;
  }

  /** A signed number, `1+2j`, or anything that takes no sign. */
  private expression(): PyValue {
    this.space();
    const sign = /[-+]/.test(this.text[this.at] ?? "") ? this.text[this.at++] : "";
    if (sign) this.space();
    let left: PyValue;
    if (sign) {
      const operand = this.unsigned();
      left = sign === "-" ? negate(operand) : operand;
    } else left = this.atom();
    this.space();
    const operator = this.text[this.at];
    if ((operator === "+" || operator === "-") && isNumber(left)) {
      this.at++;
      const right = this.unsigned();
      if (!(right instanceof Scalar) || left instanceof Scalar) fail();
      const real = left instanceof Float ? left.value : Number(left);
      return complex(real, imaginaryOf(right as Scalar) * (operator === "-" ? -1 : 1));
    }
    return left;
  }

  /** A number alone, brackets around it or not: what a sign may stand before. */
  private unsigned(): PyNumber {
    if (!this.token("(")) return this.number() ?? fail();
    return this.nested(() => {
      const value = this.unsigned();
      if (!this.token(")")) fail();
      return value;
    });
  }

  private atom(): PyValue {
    this.space();
    const char = this.text[this.at];
    if (char === undefined) return fail();
    if (char === "(") return this.nested(() => this.parenthesised());
    if (char === "[") return this.nested(() => this.list());
    if (char === "{") return this.nested(() => this.braces());
    const prefix = this.prefixed();
    if (prefix !== undefined) return prefix;
    const number = this.number();
    if (number !== undefined) return number;
    if (this.text.startsWith("...", this.at)) {
      this.at += 3;
      return new Scalar("ellipsis", "...");
    }
    const name = this.match(NAME);
    if (name === "True") return true;
    if (name === "False") return false;
    if (name === "None") return null;
    if (name === "set" && this.token("(") && this.token(")")) return new PySet([]);
    return fail();
  }

  private parenthesised(): PyValue {
    this.at++;
    if (this.token(")")) return new Tuple([]);
    const first = this.expression();
    const items = this.more(first, ")");
    if (!this.token(")")) fail();
    return items ? new Tuple(items) : first;
  }

  private list(): PyValue[] {
    this.at++;
    if (this.token("]")) return [];
    const first = this.expression();
    const items = this.more(first, "]") ?? [first];
    if (!this.token("]")) fail();
    return items;
  }

  private braces(): PyValue {
    this.at++;
    if (this.token("}")) return new Map();
    const first = this.expression();
    if (!this.token(":")) {
      const items = this.more(first, "}") ?? [first];
      if (!this.token("}")) fail();
      return new PySet(distinct(items) ?? this.unhashable());
    }
    const entries: [PyValue, PyValue][] = [[first, this.expression()]];
    while (this.token(",")) {
      this.space();
      if (this.text[this.at] === "}") break;
      const key = this.expression();
      if (!this.token(":")) fail();
      entries.push([key, this.expression()]);
    }
    if (!this.token("}")) fail();
    return dictOf(entries) ?? this.unhashable();
  }

  /** Said at the end: text that is no Python at all is told first. */
  private unhashable(): [] {
    this.hashless = true;
    return [];
  }

  private number(): PyNumber | undefined {
    this.space();
    const found = this.match(NUMBER);
    if (found === undefined) return undefined;
    const digits = found.replaceAll("_", "");
    const imaginary = /[jJ]/.test(this.text[this.at] ?? "") && !/^0[xXbBoO]/.test(digits);
    if (imaginary) this.at++;
    if (/[A-Za-z0-9_.]/.test(this.text[this.at] ?? "")) return fail();
    if (imaginary) return complex(0, Number(digits));
    if (/^0[xXbBoO]/.test(digits)) return asInt(BigInt(digits));
    if (/[.eE]/.test(digits)) return asFloat(Number(digits)) as PyNumber;
    if (/^0+[1-9]/.test(digits) || digits.length > 4300) return fail();
    return asInt(BigInt(digits));
  }

  /** A string or bytes literal and those that stand right after it. */
  private prefixed(): PyValue | undefined {
    let text: string | undefined;
    let bytes: number[] | undefined;
    for (;;) {
      const prefix = this.match(PREFIX)?.toLowerCase();
      if (prefix === undefined) break;
      const piece = this.stringBody(prefix.includes("r"), prefix.includes("b"));
      if (prefix.includes("b")) {
        if (text !== undefined) fail();
        bytes = [...(bytes ?? []), ...[...piece].map((char) => char.charCodeAt(0))];
      } else {
        if (bytes !== undefined) fail();
        text = (text ?? "") + piece;
      }
      this.space();
    }
    return bytes ? new Bytes(Uint8Array.from(bytes)) : text;
  }

  private stringBody(raw: boolean, bytes: boolean): string {
    const quote = this.text[this.at]!;
    const long = this.text.startsWith(quote.repeat(3), this.at);
    const close = long ? quote.repeat(3) : quote;
    this.at += close.length;
    const start = this.at;
    let out = "";
    while (!this.text.startsWith(close, this.at)) {
      const char = this.text[this.at];
      if (char === undefined || (!long && char === "\n")) return fail();
      this.at++;
      if (char !== "\\") out += char;
      else if (raw) {
        out += char + (this.text[this.at] ?? "");
        this.at++;
      } else out += this.escape(bytes);
    }
    // What is written, also after a backslash that escapes nothing.
    if (bytes && /[^\0-\x7f]/.test(this.text.slice(start, this.at))) return fail();
    this.at += close.length;
    return out;
  }

  private escape(bytes: boolean): string {
    const char = this.text[this.at++];
    if (char === undefined) return fail();
    const simple: Record<string, string> = {
      "\n": "",
      "\\": "\\",
      "'": "'",
      '"': '"',
      a: "\x07",
      b: "\b",
      f: "\f",
      n: "\n",
      r: "\r",
      t: "\t",
      v: "\v",
    };
    if (char in simple) return simple[char]!;
    const octal = /[0-7]{1,3}/y;
    octal.lastIndex = this.at - 1;
    const digits = octal.exec(this.text)?.[0];
    if (digits) {
      this.at += digits.length - 1;
      return String.fromCharCode(Number.parseInt(digits, 8));
    }
    const width = char === "x" ? 2 : bytes ? 0 : char === "u" ? 4 : char === "U" ? 8 : 0;
    if (width) {
      const hex = this.text.slice(this.at, this.at + width);
      if (hex.length < width || !/^[0-9a-fA-F]+$/.test(hex) || Number.parseInt(hex, 16) > 0x10ffff) return fail();
      this.at += width;
      return String.fromCodePoint(Number.parseInt(hex, 16));
    }
    if (char === "N" && !bytes) {
      const name = /\{[^{}\n]+\}/y;
      name.lastIndex = this.at;
      const written = name.exec(this.text)?.[0];
      if (!written) return fail();
      this.at += written.length;
      this.named = written.slice(1, -1);
      return "";
    }
    return `\\${char}`;
  }
}

type PyNumber = number | bigint | Float | Scalar;
const isNumber = (value: PyValue): value is PyNumber =>
  typeof value === "number" || typeof value === "bigint" || value instanceof Float || (value instanceof Scalar && value.of === "complex");

/** Of a complex number without a real part. */
const imaginaryOf = (value: Scalar): number => {
  const text = value.text.slice(0, -1);
  return text === "inf" ? Number.POSITIVE_INFINITY : Number(text);
};

function negate(value: PyNumber): PyNumber {
  if (value instanceof Float) return new Float(-value.value);
  // Both parts change their sign: -1j is (-0-1j).
  if (value instanceof Scalar) return complex(-0, -imaginaryOf(value));
  return typeof value === "bigint" ? asInt(-value) : Number.isInteger(value) ? 0 - value : -value;
}

const complex = (real: number, imaginary: number): Scalar => new Scalar("complex", complexRepr(real, imaginary));

/**
 * `ast.literal_eval`: what DSPy tries on a completion that json_repair gives up on (`'text'`, `0x10`, `1_000`, `.5`,
 * `True`, `1, 2`). Returns undefined where Python raises ValueError or SyntaxError.
 */

import { floatRepr } from "./float.ts";
import { asFloat, asInt, Bytes, Float, PySet, type PyValue, Scalar, Tuple } from "./value.ts";

class NotALiteral extends Error {}
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
  /(?:0[xX](?:_?[0-9a-fA-F])+|0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|(?:[0-9](?:_?[0-9])*)?\.(?:[0-9](?:_?[0-9])*)?(?:[eE][-+]?[0-9](?:_?[0-9])*)?|[0-9](?:_?[0-9])*(?:[eE][-+]?[0-9](?:_?[0-9])*)?)/y;
const PREFIX = /(?:[rR][bB]?|[bB][rR]?|[uU])?(?=['"])/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;

class Reader {
  private at = 0;
  private depth = 0;
  private readonly text: string;
  constructor(text: string) {
    this.text = text.replace(/^[ \t]+/, "");
  }

  whole(): PyValue {
    if (this.text.includes("\0")) fail();
    while (/[\n\r\f]/.test(this.text[this.at] ?? "")) this.at++;
    const first = this.expression();
    const items = this.more(first, "");
    this.space(false);
    while (/[\n\r]/.test(this.text[this.at] ?? "")) {
      this.at++;
      this.space(false);
    }
    if (this.at !== this.text.length) fail();
    return items ? new Tuple(items) : first;
  }

  /** Blanks and comments; line ends too inside brackets. */
  private space(inside = this.depth > 0): void {
    const skip = inside ? /(?:[ \t\f\r\n]|\\\r?\n|#[^\n\r]*)*/y : /(?:[ \t\f]|\\\r?\n|#[^\n\r]*)*/y;
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
      if (next === undefined || next === close || (close === "" && (next === "\n" || next === "\r"))) return items;
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
      const bracketed = this.text[this.at] === "(";
      const operand = bracketed ? this.atom() : (this.number() ?? fail());
      if (!isNumber(operand)) return fail();
      left = sign === "-" ? negate(operand) : operand;
    } else left = this.atom();
    this.space();
    const operator = this.text[this.at];
    if ((operator === "+" || operator === "-") && isNumber(left)) {
      this.at++;
      this.space();
      const right = this.number();
      if (!(right instanceof Scalar) || left instanceof Scalar) fail();
      const real = left instanceof Float ? left.value : Number(left);
      const imaginary = Number.parseFloat((right as Scalar).text) * (operator === "-" ? -1 : 1);
      return complex(real, imaginary);
    }
    return left;
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
    const entries = new Map<PyValue, PyValue>();
    if (this.token("}")) return entries;
    const first = this.expression();
    if (!this.token(":")) {
      const items = this.more(first, "}") ?? [first];
      if (!this.token("}")) fail();
      return new PySet(items);
    }
    entries.set(first, this.expression());
    while (this.token(",")) {
      this.space();
      if (this.text[this.at] === "}") break;
      const key = this.expression();
      if (!this.token(":")) fail();
      entries.set(key, this.expression());
    }
    if (!this.token("}")) fail();
    return entries;
  }

  private number(): PyValue | undefined {
    const found = this.match(NUMBER);
    if (found === undefined) return undefined;
    if (found === ".") return fail();
    const digits = found.replaceAll("_", "");
    const imaginary = /[jJ]/.test(this.text[this.at] ?? "") && !/^0[xXbBoO]/.test(digits);
    if (imaginary) this.at++;
    if (/[A-Za-z0-9_.]/.test(this.text[this.at] ?? "")) return fail();
    if (imaginary) return complex(undefined, Number(digits));
    if (/^0[xXbBoO]/.test(digits)) return asInt(BigInt(digits));
    if (/[.eE]/.test(digits)) return asFloat(Number(digits));
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
    let out = "";
    while (!this.text.startsWith(close, this.at)) {
      const char = this.text[this.at];
      if (char === undefined || (!long && (char === "\n" || char === "\r"))) return fail();
      if (bytes && char.charCodeAt(0) > 127) return fail();
      this.at++;
      if (char !== "\\") out += char;
      else if (raw) {
        out += char + (this.text[this.at] ?? "");
        this.at++;
      } else out += this.escape(bytes);
    }
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
    // \N{NAME} needs Unicode's table of names, which the runtime does not carry.
    if (char === "N" && !bytes) return fail();
    return `\\${char}`;
  }
}

const isNumber = (value: PyValue): value is number | bigint | Float | Scalar =>
  typeof value === "number" || typeof value === "bigint" || value instanceof Float || (value instanceof Scalar && value.of === "complex");

function negate(value: number | bigint | Float | Scalar): PyValue {
  if (value instanceof Float) return new Float(-value.value);
  if (value instanceof Scalar)
    return value.text.startsWith("-") ? new Scalar("complex", value.text.slice(1)) : new Scalar("complex", `-${value.text}`);
  return typeof value === "bigint" ? asInt(-value) : Number.isInteger(value) ? 0 - value : -value;
}

/** `repr(complex)`: parts without `.0`, brackets when there is a real part. */
function complex(real: number | undefined, imaginary: number): Scalar {
  const part = (value: number): string => floatRepr(value).replace(/\.0$/, "");
  const tail = `${part(imaginary)}j`;
  return new Scalar("complex", real === undefined ? tail : `(${part(real)}${/^[-]/.test(tail) ? "" : "+"}${tail})`);
}

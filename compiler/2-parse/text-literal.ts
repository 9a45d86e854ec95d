/**
 * Python's string literals: prefixes, quotes, escapes (Python reference, "String and Bytes literals"). `\N{...}` needs
 * Unicode's table of names, which JavaScript does not have: it is refused with the advice to write the character.
 */
export interface TextValue {
  readonly kind: "text" | "bytes" | "format";
  readonly value: string;
  readonly tripled: boolean;
  /** Offset in the token, when it is no Python. */
  readonly problem: { readonly message: string; readonly at: number; readonly length: number } | undefined;
}

const SIMPLE: Readonly<Record<string, string>> = {
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
const ESCAPE = /\\(?:(\r\n|[\r\n])|([0-7]{1,3})|x([0-9a-fA-F]{0,2})|u([0-9a-fA-F]{0,4})|U([0-9a-fA-F]{0,8})|(N)(?:\{[^}]*\})?|([\s\S]))/g;

export function readText(image: string): TextValue {
  const quoteAt = image.search(/["']/);
  const prefix = image.slice(0, quoteAt).toLowerCase();
  const tripled = image.startsWith(image[quoteAt]!.repeat(3), quoteAt) && image.length >= quoteAt + 6;
  const open = quoteAt + (tripled ? 3 : 1);
  // Python reads every line break of its source as a line feed.
  const body = image.slice(open, image.length - (tripled ? 3 : 1));
  const kind = prefix.includes("b") ? "bytes" : prefix.includes("f") ? "format" : "text";
  let problem: TextValue["problem"];
  const fail = (message: string, at: number, length: number) => {
    problem ??= { message, at: open + at, length };
  };
  if (kind === "bytes") {
    const beyond = body.search(/[^\0-\x7f]/);
    if (beyond >= 0) fail("A bytes literal holds only ASCII characters.", beyond, 1);
  }
  if (prefix.includes("r") || !body.includes("\\")) return { kind, value: body.replace(/\r\n?/g, "\n"), tripled, problem };
  const value = body.replace(/\r\n?/g, "\n").replace(ESCAPE, (whole, line, octal, x, u, U, N, other, at: number) => {
    if (line !== undefined) return "";
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
    if (kind === "bytes" && (u !== undefined || U !== undefined || N !== undefined)) return whole;
    const digits: string | undefined = x ?? u ?? U;
    if (digits !== undefined) {
      const wanted = x !== undefined ? 2 : u !== undefined ? 4 : 8;
      if (digits.length < wanted) fail(`The escape \`${whole}\` needs ${wanted} hexadecimal digits.`, at, whole.length);
      const point = Number.parseInt(digits || "0", 16);
      if (point > 0x10ffff) fail(`The escape \`${whole}\` is beyond the last Unicode character.`, at, whole.length);
      return point > 0x10ffff ? "" : String.fromCodePoint(point);
    }
    if (N !== undefined) {
      fail("A character's name cannot be looked up at build time; write the character itself or its number.", at, whole.length);
      return whole;
    }
    return SIMPLE[other as string] ?? whole;
  });
  return { kind, value, tripled, problem };
}

/** Python's `repr` of a bytes value. */
export function bytesRepr(value: string): string {
  const quote = value.includes("'") && !value.includes('"') ? '"' : "'";
  let out = `b${quote}`;
  for (const c of value) {
    const code = c.charCodeAt(0) & 0xff;
    if (c === quote || c === "\\") out += `\\${c}`;
    else if (c === "\n") out += "\\n";
    else if (c === "\r") out += "\\r";
    else if (c === "\t") out += "\\t";
    else out += code < 0x20 || code > 0x7e ? `\\x${code.toString(16).padStart(2, "0")}` : c;
  }
  return out + quote;
}

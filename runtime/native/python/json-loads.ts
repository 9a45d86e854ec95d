/**
 * `json.loads`: as strict as Python's, and as wide (NaN, Infinity, ints of any length). It keeps what JSON.parse loses:
 * 5 apart from 5.0, digits beyond 2^53, and the order of keys like "2".
 */
import { asFloat, asInt, type PyValue } from "./value.ts";

/** Python's default limit on the digits of an int in text. */
const MAX_DIGITS = 4300;
/** Python's C scanner stops at its recursion limit; what is deeper than this is refused, never a stack overflow. */
const MAX_DEPTH = 900;

export class JsonError extends Error {}
export interface Decoded {
  readonly value: PyValue;
  readonly end: number;
}

export function loads(text: string, deepest: number = MAX_DEPTH): PyValue {
  const { value, end } = rawDecode(text, skip(text, 0), deepest);
  if (skip(text, end) !== text.length) throw new JsonError("extra data");
  return value;
}

function skip(text: string, at: number): number {
  for (;;) {
    const code = text.charCodeAt(at);
    if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return at;
    at++;
  }
}

/** `JSONDecoder().raw_decode`: one value from `at` on, and where it ended. */
export function rawDecode(text: string, at: number, deepest: number = MAX_DEPTH): Decoded {
  let index = at;

  function value(depth: number): PyValue {
    if (depth > deepest) throw new JsonError("too deep");
    const char = text[index];
    if (char === '"') return string();
    if (char === "{") return object(depth);
    if (char === "[") return array(depth);
    return number() ?? word();
  }

  const words: Record<string, PyValue> = {
    null: null,
    true: true,
    false: false,
    NaN: Number.NaN,
    Infinity: Number.POSITIVE_INFINITY,
    "-Infinity": Number.NEGATIVE_INFINITY,
  };
  function word(): PyValue {
    for (const name in words) {
      if (text.startsWith(name, index)) {
        index += name.length;
        return words[name]!;
      }
    }
    throw new JsonError("expecting value");
  }

  const pattern = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/y;
  function number(): PyValue | undefined {
    pattern.lastIndex = index;
    const match = pattern.exec(text);
    if (!match) return undefined;
    index += match[0].length;
    if (match[1] !== undefined || match[2] !== undefined) return asFloat(Number(match[0]));
    if (match[0].length < 16) return Number(match[0]) + 0;
    if (match[0].length > MAX_DIGITS) throw new JsonError("too many digits");
    return asInt(BigInt(match[0]));
  }

  function string(): string {
    const start = index + 1;
    let end = start;
    for (;;) {
      const code = text.charCodeAt(end);
      if (code === 34) break;
      if (Number.isNaN(code) || code < 32) throw new JsonError("unterminated string");
      if (code === 92) end++;
      end++;
    }
    index = end + 1;
    const raw = text.slice(start, end);
    if (!raw.includes("\\")) return raw;
    try {
      return JSON.parse(`"${raw}"`) as string;
    } catch {
      throw new JsonError("invalid escape");
    }
  }

  function array(depth: number): PyValue[] {
    const items: PyValue[] = [];
    index = skip(text, index + 1);
    if (text[index] === "]") {
      index++;
      return items;
    }
    for (;;) {
      items.push(value(depth + 1));
      index = skip(text, index);
      const char = text[index++];
      if (char === "]") return items;
      if (char !== ",") throw new JsonError("expecting , or ]");
      index = skip(text, index);
    }
  }

  function object(depth: number): PyValue {
    const entries = new Map<PyValue, PyValue>();
    index = skip(text, index + 1);
    if (text[index] === "}") {
      index++;
      return entries;
    }
    for (;;) {
      if (text[index] !== '"') throw new JsonError("expecting a name");
      const name = string();
      index = skip(text, index);
      if (text[index++] !== ":") throw new JsonError("expecting :");
      index = skip(text, index);
      entries.set(name, value(depth + 1));
      index = skip(text, index);
      const char = text[index++];
      if (char === "}") return entries;
      if (char !== ",") throw new JsonError("expecting , or }");
      index = skip(text, index);
    }
  }

  return { value: value(0), end: index };
}

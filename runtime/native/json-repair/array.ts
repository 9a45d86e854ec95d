/** Lists in square brackets, and what Python would write in round ones. */
import type { PyValue } from "../python/value.ts";
import { skipSpaceAndComments } from "./comment.ts";
import { blank, type Cursor, isDigit, isQuote } from "./cursor.ts";
import { readObject } from "./object.ts";
import { readString } from "./string.ts";
import { readValue } from "./value.ts";

export function readArray(cursor: Cursor, close = "]"): PyValue[] {
  const isMemberValue = cursor.inside === "value";
  const items: PyValue[] = [];
  let leftOpen = false;
  cursor.enter("array", () => {
    for (;;) {
      skipSpaceAndComments(cursor);
      const char = cursor.at();
      if (char === undefined || char === close || char === "}") break;
      if (char === ",") {
        cursor.index++;
        continue;
      }
      let value: PyValue;
      if (isQuote(char)) {
        // A string with a colon after it begins an object whose brace is missing.
        const after = cursor.scroll(cursor.find(char, 1) + 1);
        if (cursor.at(after) === ":") {
          if (isMemberValue && items.length > 0 && items.every((item) => !Array.isArray(item) && !(item instanceof Map))) {
            leftOpen = true;
            break;
          }
          value = readObject(cursor);
        } else value = readString(cursor);
      } else value = readValue(cursor);

      const next = cursor.at();
      if (isEmpty(value) && next !== close && next !== ",") cursor.index++;
      else if (!(value === "..." && cursor.at(-1) === ".")) items.push(value);
    }
  });
  if (!leftOpen) cursor.index++;
  return items;
}

const isEmpty = (value: PyValue): boolean =>
  value === "" || (Array.isArray(value) && value.length === 0) || (value instanceof Map && value.size === 0);

/** `(1, 2)` is a list, `(1)` is 1, `()` is empty. */
export function readParenthesised(cursor: Cursor): PyValue {
  const tuple = isTuple(cursor);
  cursor.index++;
  const items = readArray(cursor, ")");
  return tuple || items.length !== 1 ? items : items[0]!;
}

interface Depths {
  round: number;
  square: number;
  curly: number;
}

/** Walks the text after a bracket outside strings; `visit` ends the walk by returning something. */
function walk<T>(cursor: Cursor, visit: (char: string, depths: Depths, quoted: boolean, index: number) => T | undefined): T | undefined {
  const depths: Depths = { round: 0, square: 0, curly: 0 };
  const { chars } = cursor;
  let quote: string | undefined;
  let backslashes = 0;
  for (let i = cursor.index + 1; i < chars.length; i++) {
    const char = chars[i]!;
    if (char === "\\") {
      backslashes++;
      continue;
    }
    const escaped = backslashes % 2 === 1;
    backslashes = 0;
    if (quote !== undefined) {
      if (char === quote && !escaped) quote = undefined;
      continue;
    }
    const opens = isQuote(char) && !escaped;
    if (opens) quote = char;
    const found = visit(char, depths, opens, i);
    if (found !== undefined) return found;
    if (opens) continue;
    if (char === "(") depths.round++;
    else if (char === ")") depths.round--;
    else if (char === "[") depths.square++;
    else if (char === "]" && depths.square > 0) depths.square--;
    else if (char === "{") depths.curly++;
    else if (char === "}" && depths.curly > 0) depths.curly--;
  }
  cursor.spend(chars.length - cursor.index);
  return undefined;
}

function isTuple(cursor: Cursor): boolean {
  let content = false;
  const verdict = walk(cursor, (char, depths, quoted) => {
    if (depths.round < 0) depths.round = 0;
    const top = depths.round === 0 && depths.square === 0 && depths.curly === 0;
    if (!top) return undefined;
    if (quoted || (!blank(char) && char !== "," && char !== ")")) content = true;
    if (char === ")") return !content;
    return char === "," ? true : undefined;
  });
  return verdict ?? !content;
}

/** Outside every container a bracket starts a value only alone on its lines and with a value's first character in it. */
export function startsParenthesised(cursor: Cursor): boolean {
  const { chars } = cursor;
  for (let i = cursor.index - 1; i >= 0 && chars[i] !== "\n" && chars[i] !== "\r"; i--) if (!blank(chars[i]!)) return false;
  const offset = cursor.scroll(1);
  const first = cursor.at(offset);
  if (first === undefined) return false;
  const inner = cursor.slice(cursor.index + offset, cursor.index + offset + 5).toLowerCase();
  if (!"){[(-.".includes(first) && !isQuote(first) && !isDigit(first) && !/^(?:true|null|none|false)/.test(inner)) return false;
  const verdict = walk(cursor, (char, depths, _quoted, index) => {
    if (char !== ")" || depths.round !== 0 || depths.square !== 0 || depths.curly !== 0) return undefined;
    for (let i = index + 1; i < chars.length; i++) {
      if (chars[i] === "\n" || chars[i] === "\r") return true;
      if (!blank(chars[i]!)) return false;
    }
    return true;
  });
  return verdict ?? true;
}

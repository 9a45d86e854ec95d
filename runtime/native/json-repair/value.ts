/** One value of any kind, found by its first character; what starts nothing is skipped. */
import { JsonError, rawDecode } from "../python/json-loads.ts";
import type { PyValue } from "../python/value.ts";
import { readArray, readParenthesised, startsParenthesised } from "./array.ts";
import { readComment } from "./comment.ts";
import { blank, type Cursor, isAlpha, isDigit, isQuote } from "./cursor.ts";
import { readNumber } from "./number.ts";
import { readObject } from "./object.ts";
import { readString } from "./string.ts";

export function readValue(cursor: Cursor): PyValue {
  if (cursor.deferred.length > 0) {
    const contexts = cursor.deferred;
    cursor.deferred = [];
    for (const context of contexts) cursor.push(context);
    const value = readValue(cursor);
    for (const _ of contexts) cursor.pop();
    return value;
  }
  let mayLackBrace = cursor.index === 0 && !cursor.enclosed;
  for (;;) {
    const char = cursor.at();
    if (char === undefined) return "";
    if ((char === "{" || char === "[") && !cursor.triedSuffix && hasMoreAfterContainer(cursor)) {
      const found = validSuffix(cursor);
      if (found) return found.value;
    }
    const enclosed = cursor.enclosed;
    if (char === "{") {
      cursor.index++;
      return readObject(cursor);
    }
    if (char === "[") {
      cursor.index++;
      return readArray(cursor);
    }
    if (char === "(" && (enclosed || startsParenthesised(cursor))) return readParenthesised(cursor);
    if (char !== "(") {
      if (enclosed && (isQuote(char) || isAlpha(char))) return readString(cursor);
      if (enclosed && (isDigit(char) || char === "-" || char === ".")) return readNumber(cursor);
      if (char === "#" || char === "/") return readComment(cursor);
      if (mayLackBrace && isQuote(char)) {
        mayLackBrace = false;
        const found = lacksOpeningBrace(cursor, char);
        if (found) return found.value;
      }
    }
    cursor.index++;
  }
}

/** At the very start: whether the first container is balanced and prose, not a comma, follows it. Elsewhere always true. */
function hasMoreAfterContainer(cursor: Cursor): boolean {
  if (cursor.index !== 0) return true;
  const open: string[] = [];
  let quoted = false;
  let escaped = false;
  const { chars } = cursor;
  for (let i = 0; i < chars.length; i++) {
    const char = chars[i]!;
    if (quoted) {
      if (escaped) escaped = false;
      else if (char === "\\") escaped = true;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === "{" || char === "[") open.push(char);
    else if (char === "}" || char === "]") {
      if (open.pop() !== (char === "}" ? "{" : "[")) return false;
      if (open.length === 0) {
        let next = i + 1;
        while (next < chars.length && blank(chars[next]!)) next++;
        return next < chars.length && chars[next] !== ",";
      }
    }
  }
  return false;
}

/** Once per text: a container that is valid JSON as it stands, with anything after it. */
function validSuffix(cursor: Cursor): { value: PyValue } | undefined {
  if (cursor.triedSuffix || cursor.enclosed) return undefined;
  cursor.triedSuffix = true;
  const found = decode(cursor.slice(cursor.index));
  if (!found) return undefined;
  cursor.index += typeof cursor.chars === "string" ? found.end : found.points;
  return found;
}

function decode(text: string): { value: PyValue; end: number; points: number } | undefined {
  try {
    const { value, end } = rawDecode(text, 0);
    return { value, end, points: Array.from(text.slice(0, end)).length };
  } catch (error) {
    if (error instanceof JsonError) return undefined;
    throw error;
  }
}

/** `"a": 1}`: the whole text is an object but for its first brace. */
function lacksOpeningBrace(cursor: Cursor, quote: string): { value: PyValue } | undefined {
  if (cursor.scroll(-cursor.index) !== 0) return undefined;
  const end = cursor.find(quote, 1);
  if (cursor.at(end) === undefined) return undefined;
  if (cursor.at(cursor.scroll(end + 1)) !== ":") return undefined;
  if (cursor.at(cursor.scrollBack(cursor.length - cursor.index - 1)) !== "}") return undefined;
  const candidate = `{${cursor.slice(0)}`;
  const found = decode(candidate);
  if (!found || /[^ \t\r\n]/.test(candidate.slice(found.end))) return undefined;
  cursor.index = cursor.length;
  return found;
}

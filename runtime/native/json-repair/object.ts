/** An object's members, and what json_repair makes of one that has none: a set becomes a list, escaped quotes are undone. */

import { lstrip } from "../python/doc.ts";
import type { Dict, PyValue } from "../python/value.ts";
import { strip } from "../python/whitespace.ts";
import { readArray } from "./array.ts";
import { skipSpaceAndComments } from "./comment.ts";
import { blank, type Cursor, isQuote, RepairError } from "./cursor.ts";
import { readString } from "./string.ts";
import { readValue } from "./value.ts";

export function readObject(cursor: Cursor): PyValue {
  const object: Dict = new Map();
  const start = cursor.index;
  const isMemberValue = cursor.inside === "value";
  for (;;) {
    skipSpaceAndComments(cursor);
    let char = cursor.at();
    if (char === undefined || char === "}") break;
    if (char === ",") {
      cursor.index++;
      continue;
    }
    if (char === ":") cursor.index++;
    const { key, from } = readKey(cursor, object);
    if (cursor.within("array") && object.has(key) && !isMemberValue && startsNextObject(cursor, from)) {
      // A repeated key in a list of objects: the brace between two of them is missing.
      cursor.index = from - 1;
      cursor.splice(from, from, "{");
      break;
    }
    skipSpaceAndComments(cursor);
    char = cursor.at();
    if (char === undefined || char === "}") continue;
    // A colon, or whatever stands in its place.
    cursor.index++;
    object.set(key, readMemberValue(cursor));
    char = cursor.at();
    if (char === "," || char === "'" || char === '"') cursor.index++;
    if (cursor.at() === "]" && cursor.within("array")) {
      cursor.index--;
      break;
    }
  }
  cursor.index++;

  const instead = object.size > 0 || cursor.index - start <= 2 ? undefined : insteadOfEmpty(cursor, start);
  if (instead !== undefined) return instead;
  return finish(cursor, object);
}

function readKey(cursor: Cursor, object: Dict): { key: string; from: number } {
  let key = "";
  let from = cursor.index;
  cursor.enter("key", () => {
    while (cursor.at() !== undefined) {
      from = cursor.index;
      if (cursor.at() === "[" && key === "" && continuesList(cursor, object)) continue;
      const read = readString(cursor);
      if (typeof read !== "string") throw new RepairError("a key that is no string");
      key = read;
      if (key !== "") break;
      skipSpaceAndComments(cursor);
      const next = cursor.at();
      if (next === ":" || next === "}") break;
    }
  });
  return { key, from };
}

/** A list where a key should stand continues the list before it; rows of equal length stay rows. */
function continuesList(cursor: Cursor, object: Dict): boolean {
  const last = [...object.keys()].at(-1);
  const list = last === undefined || last === "" ? undefined : object.get(last);
  if (!Array.isArray(list)) return false;
  cursor.index++;
  const more = readArray(cursor);
  const rows = list.filter(Array.isArray) as PyValue[][];
  const width = rows.length > 0 && rows.every((row) => row.length === rows[0]!.length) ? rows[0]!.length : 0;
  if (width > 0) {
    const tail: PyValue[] = [];
    while (list.length > 0 && !Array.isArray(list.at(-1))) tail.unshift(list.pop()!);
    if (tail.length % width === 0) for (let i = 0; i < tail.length; i += width) list.push(tail.slice(i, i + width));
    else list.push(...tail);
    if (more.length > 0) {
      if (more.every(Array.isArray)) list.push(...more);
      else list.push(more);
    }
  } else list.push(...(more.length === 1 && Array.isArray(more[0]) ? (more[0] as PyValue[]) : more));
  skipSpaceAndComments(cursor);
  if (cursor.at() === ",") cursor.index++;
  skipSpaceAndComments(cursor);
  return true;
}

/** Unless the repeated key is quoted, after a comma and before a colon: then it is a plain duplicate and overwrites. */
function startsNextObject(cursor: Cursor, from: number): boolean {
  let back = from - cursor.index - 1;
  let before = cursor.at(back);
  while (before !== undefined && blank(before)) before = cursor.at(--back);
  const first = cursor.at(from - cursor.index);
  return !(isQuote(first) && before === "," && cursor.at(cursor.scroll()) === ":");
}

function readMemberValue(cursor: Cursor): PyValue {
  return cursor.enter("value", () => {
    skipSpaceAndComments(cursor);
    const char = cursor.at();
    return char === "," || char === "}" ? "" : readValue(cursor);
  });
}

function insteadOfEmpty(cursor: Cursor, start: number): PyValue | undefined {
  if (cursor.at(-1) === "}" && strip(withoutComments(cursor.slice(start, cursor.index - 1))) === "") return undefined;
  const whole = cursor.slice(start - 1, cursor.index + 1);
  let body = lstrip(whole.slice(1).replace(/\}$/, ""));
  if (body === "") return undefined;
  if ((body.startsWith('\\"') && body.includes('\\":')) || (body.startsWith("\\'") && body.includes("\\':"))) {
    cursor.splice(start - 1, cursor.index + 1, whole.replaceAll('\\"', '"').replaceAll("\\'", "'"));
    return again(cursor, start, readObject);
  }
  body = lstrip(withoutComments(body));
  if (body === "" || hasColonOutsideQuotes(body)) return undefined;
  return again(cursor, start, readArray);
}

function again(cursor: Cursor, start: number, read: (cursor: Cursor) => PyValue): PyValue {
  cursor.index = start;
  const value = cursor.enter("key", () => read(cursor));
  cursor.deferred.push("key");
  return value;
}

function withoutComments(body: string): string {
  let out = "";
  let quote: string | undefined;
  let backslashes = 0;
  for (let i = 0; i < body.length; ) {
    const char = body[i]!;
    const escaped = backslashes % 2 === 1;
    if (char === "\\") {
      backslashes++;
      out += char;
      i++;
      continue;
    }
    backslashes = 0;
    if (quote !== undefined || (isQuote(char) && !escaped)) {
      if (quote === undefined) quote = char;
      else if (char === quote && !escaped) quote = undefined;
      out += char;
      i++;
    } else if (char === "#" || (char === "/" && body[i + 1] === "/")) {
      i += char === "/" ? 2 : 1;
      while (i < body.length && body[i] !== "\n" && body[i] !== "\r") i++;
    } else if (char === "/" && body[i + 1] === "*") {
      const end = body.indexOf("*/", i + 2);
      i = end === -1 ? body.length : end + 2;
    } else {
      out += char;
      i++;
    }
  }
  return out;
}

function hasColonOutsideQuotes(body: string): boolean {
  let quote: string | undefined;
  let backslashes = 0;
  for (const char of body) {
    if (char === "\\") {
      backslashes++;
      continue;
    }
    const escaped = backslashes % 2 === 1;
    backslashes = 0;
    if (quote !== undefined) {
      if (char === quote && !escaped) quote = undefined;
    } else if (isQuote(char) && !escaped) quote = char;
    else if (char === ":" && !escaped) return true;
  }
  return false;
}

function finish(cursor: Cursor, object: Dict): PyValue {
  if (cursor.enclosed) {
    if (cursor.at() === "}" && cursor.inside === "array") cursor.index++;
    return object;
  }
  cursor.skipSpace();
  if (cursor.at() === ",") {
    cursor.index++;
    cursor.skipSpace();
    // Members after the closing brace.
    if (isQuote(cursor.at())) {
      const more = readObject(cursor);
      if (more instanceof Map) for (const [key, value] of more) object.set(key, value);
    }
  }
  return object;
}

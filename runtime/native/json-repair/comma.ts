/** A comma inside an unclosed member value: text, or the end of the value. */
import { blank, type Cursor, isAlnum, isDigit, isQuote, QUOTES } from "./cursor.ts";
import { cachedFind, type StringState } from "./string-state.ts";

export type CommaMeaning = "member" | "container" | "string" | "string-to-the-end";

export function commaIs(cursor: Cursor, state: StringState): CommaMeaning {
  const offset = cursor.scroll(1);
  const next = cursor.at(offset);
  if (next === "}" || next === undefined) return "member";
  if (isQuote(next)) return colonAfterQuote(cursor, cursor.find(next, offset + 1));
  if (next === "`") return cursor.at(cursor.scroll(endOfBareKey(cursor, offset + 1))) === ":" ? "member" : "string";
  if (isAlnum(next) || next === "_") {
    const end = cursor.scroll(endOfBareKey(cursor, offset));
    if (cursor.at(end) === ":" && hasValue(cursor, state, end + 1)) return "member";
  }
  if (next === "{" || next === "[") return "container";
  const special = cachedFind(cursor, state, `${QUOTES}{[`, offset);
  const mark = cursor.at(special);
  if (mark === undefined) return "string-to-the-end";
  if (mark === "{" || mark === "[") return "string";
  return colonAfterQuote(cursor, cachedFind(cursor, state, mark, special + 1));
}

function colonAfterQuote(cursor: Cursor, end: number): CommaMeaning {
  if (cursor.at(end) === undefined) return "string";
  return cursor.at(cursor.scroll(end + 1)) === ":" ? "member" : "string";
}

export function endOfBareKey(cursor: Cursor, offset: number): number {
  for (let char = cursor.at(offset); char !== undefined && (isAlnum(char) || char === "_" || char === "-"); char = cursor.at(offset))
    offset++;
  return offset;
}

/** Whether what follows `key:` can be a value; prose like `, note: see below` belongs to the string. */
function hasValue(cursor: Cursor, state: StringState, offset: number): boolean {
  const start = cursor.scroll(offset);
  const first = cursor.at(start);
  if (isQuote(first) || first === "{" || first === "[" || first === "-") return true;
  if (first !== undefined && isDigit(first)) return true;
  for (const word of ["true", "false", "null"]) {
    if (![...word].every((char, i) => cursor.at(start + i) === char)) continue;
    const end = cursor.at(start + word.length);
    if (end === undefined || blank(end) || ",}]".includes(end)) return true;
  }
  return cursor.at(cachedFind(cursor, state, `${QUOTES}}`, start)) === "}";
}

/** Keeps count of lists and objects written as text; true where the character closes one. */
export function trackContainer(state: StringState, char: string): boolean {
  const { containers } = state;
  if (char === "{" || char === "[") {
    if (state.pending) {
      containers.push(char);
      state.pending = false;
      return false;
    }
    if (containers.length > 0) containers.push(char);
  }
  if (containers.length > 0 && ((char === "}" && containers.at(-1) === "{") || (char === "]" && containers.at(-1) === "["))) {
    containers.pop();
    return true;
  }
  return false;
}

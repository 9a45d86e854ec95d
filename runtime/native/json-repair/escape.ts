/** What a backslash in a string means; a stray one stays. */
import { type Cursor, isQuote } from "./cursor.ts";
import { inLowQuotes, type StringState } from "./string-state.ts";

const SIMPLE: Readonly<Record<string, string>> = { t: "\t", n: "\n", r: "\r", b: "\b" };

/** The text ends in the backslash, `char` follows it. */
export function readEscape(cursor: Cursor, state: StringState, char: string): { handled: boolean; next: string | undefined } {
  const active = inLowQuotes(state) ? "\0" : state.right;
  if (inLowQuotes(state) && char === '"') {
    state.replaceBackslash(char);
    state.low--;
    cursor.index++;
    return { handled: true, next: cursor.at() };
  }
  if (char === "\\") {
    const start = cursor.index - 1;
    let end = cursor.index + 1;
    while (end < cursor.length && cursor.chars[end] === "\\") end++;
    cursor.spend(end - start);
    const run = end - start;
    const next = cursor.at(end - cursor.index);
    const after = cursor.at(cursor.scroll(end - cursor.index + 1));
    if (run % 2 === 0 && (next !== active || after === undefined || ",:}]".includes(after))) {
      state.replaceBackslash("\\".repeat(run / 2));
      cursor.index = end;
      return { handled: true, next: cursor.at() };
    }
  }
  if (char === active || char === "\\" || char in SIMPLE) {
    state.replaceBackslash(SIMPLE[char] ?? char);
    cursor.index++;
    let next = cursor.at();
    while (next !== undefined && state.last === "\\" && (next === active || next === "\\")) {
      state.replaceBackslash(next);
      cursor.index++;
      next = cursor.at();
    }
    return { handled: true, next };
  }
  if (char === "u" || char === "x") {
    const width = char === "u" ? 4 : 2;
    const hex = cursor.slice(cursor.index + 1, cursor.index + 1 + width);
    if (hex.length === width && /^[0-9a-fA-F]+$/.test(hex)) {
      state.replaceBackslash(String.fromCharCode(Number.parseInt(hex, 16)));
      cursor.index += 1 + width;
      return { handled: true, next: cursor.at() };
    }
  } else if (char === "„" || (isQuote(char) && char !== active)) {
    state.replaceBackslash(char);
    cursor.index++;
    return { handled: true, next: cursor.at() };
  }
  return { handled: false, next: char };
}

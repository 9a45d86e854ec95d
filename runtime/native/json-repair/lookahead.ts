/** What stands further on, without moving: members, containers written as text, code fences. */
import { endOfBareKey } from "./comma.ts";
import { blank, type Cursor, isAlnum, isDigit, isQuote } from "./cursor.ts";
import type { StringState } from "./string-state.ts";

const CLOSES: Readonly<Record<string, string>> = { "[": "]", "{": "}", "(": ")" };
const closingQuote = (quote: string): string => (quote === "“" ? "”" : quote);

/** `name :` without quotes. */
export function isBareKey(cursor: Cursor, offset: number): boolean {
  const first = cursor.at(offset);
  if (first === undefined || !(isAlnum(first) || first === "_")) return false;
  return cursor.at(cursor.scroll(endOfBareKey(cursor, offset))) === ":";
}

/** Past white space and comments. */
function memberStart(cursor: Cursor, offset: number): number {
  offset = cursor.scroll(offset);
  for (;;) {
    const char = cursor.at(offset);
    if (char === "#" || (char === "/" && cursor.at(offset + 1) === "/")) {
      for (let next = cursor.at(offset); next !== undefined && next !== "\n" && next !== "\r"; next = cursor.at(offset)) offset++;
    } else if (char === "/" && cursor.at(offset + 1) === "*") {
      offset += 2;
      while (!(cursor.at(offset) === "*" && cursor.at(offset + 1) === "/")) {
        if (cursor.at(offset) === undefined) return offset;
        offset++;
      }
      offset += 2;
    } else return offset;
    offset = cursor.scroll(offset);
  }
}

/** After the quote at `offset`: a comma and another member. */
export function quotedMemberFollows(cursor: Cursor, offset: number): boolean {
  const comma = cursor.scroll(offset + 1);
  return cursor.at(comma) === "," && isMember(cursor, memberStart(cursor, comma + 1));
}

function isMember(cursor: Cursor, offset: number): boolean {
  const first = cursor.at(offset);
  if (first === "}" || first === undefined) return false;
  if (isQuote(first)) {
    const mark = closingQuote(first);
    const end = cursor.find(mark, offset + 1);
    return cursor.at(end) === mark && cursor.at(cursor.scroll(end + 1)) === ":";
  }
  return isBareKey(cursor, offset);
}

/** The offset after the container that opens at `offset`; undefined where it never closes. */
export function skipContainer(cursor: Cursor, offset: number): number | undefined {
  const first = CLOSES[cursor.at(offset) ?? ""];
  if (first === undefined) return offset;
  const open = [first];
  for (let i = offset + 1; ; i++) {
    const char = cursor.at(i);
    if (char === undefined) return undefined;
    if (isQuote(char)) {
      const mark = closingQuote(char);
      i = cursor.find(mark, i + 1);
      if (cursor.at(i) !== mark) return undefined;
    } else if (char in CLOSES && nests(cursor, i)) open.push(CLOSES[char]!);
    else if (char === open.at(-1)) {
      open.pop();
      if (open.length === 0) return i + 1;
    }
  }
}

/** Whether a bracket inside a container opens another one, judged by what stands around it. */
function nests(cursor: Cursor, offset: number): boolean {
  const bracket = cursor.at(offset);
  for (let back = offset - 1; back >= 0; back--) {
    const before = cursor.at(back);
    if (before === undefined) return true;
    if (blank(before)) continue;
    if (before in CLOSES) return true;
    if (before !== "," && before !== ":") return false;
    const inner = cursor.scroll(offset + 1);
    const next = cursor.at(inner);
    if (bracket === "[" || bracket === "(") return next !== undefined && ("])-[{(tfn".includes(next) || isQuote(next) || isDigit(next));
    if (next === "}" || isQuote(next)) return true;
    return before === ":" && isBareKey(cursor, inner);
  }
  return true;
}

/** A closing brace with a code fence after it: text of the string, or the end of a fenced object. */
export function fenceBelongsToString(cursor: Cursor, state: StringState, fence: number): boolean {
  let search = fence + 3;
  let container = false;
  const next = memberStart(cursor, search);
  if ((cursor.at(next) ?? "") in CLOSES) {
    const end = skipContainer(cursor, next);
    if (end !== undefined) {
      if (startsNextMember(cursor, end)) return false;
      container = true;
      search = end;
    }
  }
  let quote = cursor.find(state.right, search);
  while (cursor.at(quote) === state.right) {
    const after = cursor.at(cursor.scroll(quote + 1));
    if (after === undefined || ",}]".includes(after)) {
      if (container) state.pending = true;
      return true;
    }
    quote = cursor.find(state.right, quote + 1);
  }
  return false;
}

function startsNextMember(cursor: Cursor, offset: number): boolean {
  const after = cursor.scroll(offset);
  const char = cursor.at(after);
  if (char === "}" || char === undefined) return true;
  if (char !== ",") return false;
  const next = memberStart(cursor, after + 1);
  const first = cursor.at(next);
  return first === "}" || first === undefined || isMember(cursor, next);
}

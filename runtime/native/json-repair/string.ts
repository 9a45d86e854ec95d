/**
 * A string: quoted, half quoted, or bare. What closes it is a guess from what follows; the guesses are json_repair's.
 * `open` decides how the string begins, `body` walks it, `close` settles where it ended.
 */
import type { PyValue } from "../python/value.ts";
import { rstrip } from "../python/whitespace.ts";
import { commaIs, trackContainer } from "./comma.ts";
import { readComment } from "./comment.ts";
import { blank, type Cursor, isAlnum, isQuote } from "./cursor.ts";
import { readEscape } from "./escape.ts";
import { readWord } from "./literal.ts";
import { fenceBelongsToString, isBareKey, skipContainer } from "./lookahead.ts";
import { quoteIs } from "./quote.ts";
import { cachedFind, inLowQuotes, StringState } from "./string-state.ts";
import { readValue } from "./value.ts";

export function readString(cursor: Cursor): PyValue {
  const opened = open(cursor);
  if (!(opened instanceof StringState)) return opened.value;
  return close(cursor, opened, body(cursor, opened));
}

/** A string in double quotes with nothing odd in it, before what may follow one here. */
function plain(cursor: Cursor): string | undefined {
  if (cursor.at() !== '"') return undefined;
  const start = cursor.index + 1;
  const end = (cursor.chars as string).indexOf('"', start);
  cursor.spend(((end === -1 ? cursor.length : end) - start) / 16);
  if (end === -1) return undefined;
  const text = cursor.slice(start, end);
  if (/[\\\n\r]/.test(text)) return undefined;
  let after = end + 1;
  while (after < cursor.length && blank(cursor.chars[after]!)) after++;
  const next = cursor.chars[after];
  const fits =
    cursor.inside === "key"
      ? next === ":"
      : cursor.inside === "value"
        ? next === "," || next === "}" || next === undefined
        : cursor.inside === "array"
          ? next === "," || next === "]" || next === undefined
          : next === undefined;
  if (!fits) return undefined;
  cursor.index = end + 1;
  return text;
}

function open(cursor: Cursor): StringState | { value: PyValue } {
  let char = cursor.at();
  if (char === "#" || char === "/") return { value: readComment(cursor) };
  while (char !== undefined && !isQuote(char) && !isAlnum(char)) {
    cursor.index++;
    char = cursor.at();
  }
  if (char === undefined) return { value: "" };
  const whole = plain(cursor);
  if (whole !== undefined) return { value: whole };

  const state = new StringState();
  if (char === "'") state.left = state.right = "'";
  else if (char === "“") {
    state.left = "“";
    state.right = "”";
  } else if (isAlnum(char)) {
    if ("tfn".includes(char.toLowerCase()) && cursor.inside !== "key") {
      const word = readWord(cursor);
      if (word) return word;
    }
    state.bare = true;
  }
  if (!state.bare) cursor.index++;
  if (cursor.at() === "`" && cursor.slice(cursor.index, cursor.index + 7) === "```json") {
    const end = cursor.index + cursor.find("`", 7);
    if (cursor.slice(end, end + 3) === "```") {
      cursor.index += 7;
      const value = readValue(cursor);
      // json_repair takes a fenced `false` for a fence without JSON.
      if (value !== false) return { value };
    }
  }
  return cursor.at() === state.left ? doubled(cursor, state) : state;
}

/** Two quotes at the start: an empty string, a quoted quotation, or a slip. */
function doubled(cursor: Cursor, state: StringState): StringState | { value: PyValue } {
  const { inside } = cursor;
  const next = cursor.at(1);
  if (
    (inside === "key" && next === ":") ||
    (inside === "value" && (next === "," || next === "}")) ||
    (inside === "array" && (next === "," || next === "]"))
  ) {
    cursor.index++;
    return { value: "" };
  }
  if (next === state.left) return { value: "" };
  const end = cursor.find(state.right, 1);
  if (cursor.at(end + 1) === state.right) {
    state.doubled = true;
    cursor.index++;
    return state;
  }
  if (cursor.at(end) === state.right) {
    const outer = cursor.find(state.right, end + 1);
    const after = cursor.at(cursor.scroll(outer + 1));
    if (
      inside === "value" &&
      !blankBetween(cursor, end) &&
      cursor.at(outer) === state.right &&
      (after === "," || after === "}" || after === undefined)
    ) {
      state.append(state.left);
      state.unmatched = true;
      cursor.index++;
      return state;
    }
  }
  const following = cursor.at(cursor.scroll(1));
  if (isQuote(following) || following === "{" || following === "[") {
    cursor.index++;
    return { value: "" };
  }
  if (following !== "," && following !== "]" && following !== "}") cursor.index++;
  return state;
}

export function blankBetween(cursor: Cursor, end: number): boolean {
  for (let i = 1; i < end; i++) {
    const char = cursor.at(i);
    if (char !== undefined && !blank(char)) return false;
  }
  return true;
}

/** Takes the current character as text and looks at the next. */
function take(cursor: Cursor, state: StringState, char: string): string | undefined {
  state.append(char);
  cursor.index++;
  return cursor.at();
}

function body(cursor: Cursor, state: StringState): string | undefined {
  let char = cursor.at();
  while (char !== undefined && (char !== state.right || inLowQuotes(state))) {
    const { inside } = cursor;
    if (state.bare && ((inside === "key" && (char === ":" || blank(char))) || (inside === "array" && (char === "]" || char === ","))))
      break;
    if (char === "„" && state.last !== "\\") {
      state.low++;
      char = take(cursor, state, char);
      continue;
    }
    if (inLowQuotes(state) && char === "”") {
      state.low--;
      char = take(cursor, state, char);
      continue;
    }
    if (startsInlineContainer(cursor, state, char)) {
      const end = skipContainer(cursor, 0);
      if (end !== undefined) {
        state.pending = false;
        state.containers.length = 0;
        state.append(cursor.slice(cursor.index, cursor.index + end));
        cursor.index += end;
        char = cursor.at();
        continue;
      }
    }
    if (inside === "value" && char === "," && !state.pending && state.containers.length === 0) {
      const verdict = state.noMoreDelimiters ? "string" : commaIs(cursor, state);
      if (verdict === "member") break;
      if (verdict === "string-to-the-end") state.noMoreDelimiters = true;
      state.pending = verdict === "container";
      char = take(cursor, state, char);
      continue;
    }
    if (trackContainer(state, char)) {
      char = take(cursor, state, char);
      continue;
    }
    if (inside === "value" && char === "}" && state.last !== state.right) {
      if (state.openBraces > 0) {
        char = take(cursor, state, char);
        continue;
      }
      if (braceEnds(cursor, state)) break;
    }
    if (char === "]" && cursor.within("array") && state.last !== state.right && cursor.at(cursor.find(state.right)) === undefined) break;
    if (inside === "value" && char === "}") {
      const offset = cursor.scroll(1);
      const next = cursor.at(offset);
      if (next === "`" && cursor.at(offset + 1) === "`" && cursor.at(offset + 2) === "`") {
        if (!fenceBelongsToString(cursor, state, offset)) break;
        char = take(cursor, state, char);
        continue;
      }
      if (next === undefined) break;
    }

    char = take(cursor, state, char);
    if (char === undefined) break;
    if (state.last === "\\") {
      const undone = readEscape(cursor, state, char);
      if (undone.handled) {
        char = undone.next;
        continue;
      }
    }
    if (char === ":" && !state.bare && inside === "key" && colonEndsKey(cursor, state)) break;
    if (inLowQuotes(state) && char === '"') {
      state.low--;
      char = take(cursor, state, char);
      continue;
    }
    if (char === state.right && inside === "value" && inCharacterClass(cursor, state)) {
      char = take(cursor, state, char);
      continue;
    }
    if (char === state.right && state.last !== "" && state.last !== "\\") {
      const verdict = quoteIs(cursor, state, char);
      char = verdict.next;
      if (verdict.ends) break;
    }
  }
  return char;
}

function startsInlineContainer(cursor: Cursor, state: StringState, char: string): boolean {
  if (!"[{(".includes(char) || state.last === "\\") return false;
  return state.pending || (cursor.inside === "value" && char === "{" && cursor.at(-1) !== "\\" && isBareKey(cursor, cursor.scroll(1)));
}

/** A brace inside a member's value: whether the closing quote before it is missing. */
function braceEnds(cursor: Cursor, state: StringState): boolean {
  cursor.skipSpace();
  let missing = cursor.at(1) !== "\\";
  let i = cachedFind(cursor, state, state.right, 1);
  if (cursor.at(i) !== undefined) {
    i = cursor.scroll(i + 1);
    let next = cursor.at(i);
    if (next === undefined || next === "," || next === "}") missing = false;
    else {
      i = cursor.find(state.left, i);
      if (cursor.at(i) === undefined) missing = false;
      else {
        next = cursor.at(cursor.scroll(i + 1));
        if (next !== undefined && next !== ":") missing = false;
      }
    }
    return missing;
  }
  if (cursor.at(cursor.find(":", 1)) !== undefined) return true;
  i = cursor.scroll(1);
  return cursor.find("}", i) - i > 1 ? false : missing;
}

function colonEndsKey(cursor: Cursor, state: StringState): boolean {
  let i = cursor.find(state.left, 1);
  if (cursor.at(i) === undefined) return true;
  i = cursor.find(state.right, i + 1);
  if (cursor.at(i) === undefined) return false;
  const after = cursor.at(cursor.scroll(i + 1));
  return after === "," || after === "}";
}

/** A quote in `[^"]`, written without blanks: part of a regular expression. */
function inCharacterClass(cursor: Cursor, state: StringState): boolean {
  return state.inClass && cursor.at(cursor.find("]", 1)) === "]";
}

function close(cursor: Cursor, state: StringState, char: string | undefined): string {
  if (char !== undefined && state.bare && cursor.inside === "key" && blank(char)) {
    cursor.skipSpace();
    const next = cursor.at();
    if (next !== ":" && next !== ",") return "";
  }
  let text = state.text();
  if (char === state.right) cursor.index++;
  else text = rstrip(text);
  return state.bare || text.endsWith("\n") ? rstrip(text) : text;
}

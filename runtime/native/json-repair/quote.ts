/** A quote like the opening one, in the middle of a string: its end, or a quotation nobody escaped. */
import { type Cursor, isAlpha } from "./cursor.ts";
import { quotedMemberFollows } from "./lookahead.ts";
import { blankBetween } from "./string.ts";
import type { StringState } from "./string-state.ts";

export interface QuoteMeaning {
  readonly ends: boolean;
  readonly next: string | undefined;
}

export function quoteIs(cursor: Cursor, state: StringState, char: string): QuoteMeaning {
  const stays = { ends: false, next: char };
  const ends = { ends: true, next: char };
  const isText = (): QuoteMeaning => {
    state.append(char);
    cursor.index++;
    return { ends: false, next: cursor.at() };
  };
  const { inside } = cursor;
  const { left, right } = state;

  if (state.doubled && cursor.at(1) === right) {
    cursor.index++;
    return stays;
  }
  if (state.bare && inside === "value") {
    let i = 1;
    let next = cursor.at(i);
    while (next !== undefined && next !== right && next !== left) next = cursor.at(++i);
    if (next !== undefined && cursor.at(cursor.scroll(i + 1)) === ":") {
      // It opens the next member's key.
      cursor.index--;
      return { ends: true, next: cursor.at() };
    }
    return stays;
  }
  if (state.unmatched) {
    state.unmatched = false;
    return isText();
  }

  let i = 1;
  let next = cursor.at(i);
  let onlySymbols = true;
  const inKey = cursor.within("key");
  const inValue = cursor.within("value");
  const inArray = cursor.within("array");
  while (next !== undefined && next !== right && next !== left) {
    if (onlySymbols && isAlpha(next)) onlySymbols = false;
    if (
      (inKey && (next === ":" || next === "}")) ||
      (inValue && next === "}") ||
      (inArray && (next === "]" || next === ",")) ||
      (onlySymbols && inside === "value" && next === ",")
    )
      break;
    next = cursor.at(++i);
  }
  if (next === "," && inside === "value") {
    i = cursor.find(right, i + 1);
    const after = cursor.at(cursor.scroll(i + 1));
    return after === "}" || after === "," ? isText() : stays;
  }
  if (next !== right || cursor.at(i - 1) === "\\") return stays;

  if (blankBetween(cursor, i) && !(inside === "value" && quotedMemberFollows(cursor, i))) return ends;
  if (inside === "value") {
    if (quotedMemberFollows(cursor, i)) return isText();
    i = cursor.find(right, i + 1) + 1;
    next = cursor.at(i);
    while (next !== undefined && next !== ":") {
      if (next === "," || next === "]" || next === "}" || (next === right && cursor.at(i - 1) !== "\\")) break;
      next = cursor.at(++i);
    }
    if (next === ":") return stays;
    state.unmatched = !state.unmatched;
    return isText();
  }
  if (inside === "array") {
    let even = true;
    while (next === right) {
      i = cursor.find(`${right}]`, i + 1);
      next = cursor.at(i);
      if (next !== right) {
        even = false;
        break;
      }
      i = cursor.find(`${right}]`, i + 1);
      next = cursor.at(i);
    }
    if (!even) return ends;
    state.unmatched = !state.unmatched;
    return isText();
  }
  return inside === "key" ? isText() : stays;
}

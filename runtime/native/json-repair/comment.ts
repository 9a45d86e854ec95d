/** Comments: `#` and `//` to the line's end (or to what closes the enclosing value), and slash-star ones. */
import type { PyValue } from "../python/value.ts";
import type { Cursor } from "./cursor.ts";
import { readValue } from "./value.ts";

function skipComment(cursor: Cursor): void {
  const char = cursor.at();
  if (char === "#" || (char === "/" && cursor.at(1) === "/")) {
    let ends = "\n\r";
    if (char === "#") {
      if (cursor.within("array")) ends += "]";
      if (cursor.within("value")) ends += "}";
      if (cursor.within("key")) ends += ":";
    }
    for (let next = cursor.at(); next !== undefined && !ends.includes(next); next = cursor.at()) cursor.index++;
  } else if (char === "/" && cursor.at(1) === "*") {
    cursor.index += 2;
    // The opening counts: the star of `/*` closes `/*/`.
    let previous = "*";
    for (let next = cursor.at(); next !== undefined; next = cursor.at()) {
      cursor.index++;
      if (previous === "*" && next === "/") break;
      previous = next;
    }
  } else if (char === "/") cursor.index++;
}

/** Inside a value a comment stands for nothing; at the top level the value after it counts. */
export function readComment(cursor: Cursor): PyValue {
  for (;;) {
    skipComment(cursor);
    if (cursor.enclosed) return "";
    cursor.skipSpace();
    const char = cursor.at();
    if (char !== "#" && char !== "/") return readValue(cursor);
  }
}

export function skipSpaceAndComments(cursor: Cursor): void {
  for (;;) {
    cursor.skipSpace();
    const char = cursor.at();
    if (char !== "#" && !(char === "/" && (cursor.at(1) === "/" || cursor.at(1) === "*"))) return;
    skipComment(cursor);
  }
}

/** `true`, `false`, `null` and `None` without quotes, in any case, where a value may end after them. */
import { blank, type Cursor } from "./cursor.ts";

const WORDS: readonly (readonly [string, boolean | null])[] = [
  ["true", true],
  ["false", false],
  ["null", null],
  ["none", null],
];

export function readWord(cursor: Cursor): { value: boolean | null } | undefined {
  for (const [word, value] of WORDS) {
    let length = 0;
    while (length < word.length && cursor.at(length)?.toLowerCase() === word[length]) length++;
    if (length < word.length) continue;
    const next = cursor.at(length);
    if (next === undefined || blank(next) || ",)]}".includes(next)) {
      cursor.index += length;
      return { value };
    }
  }
  return undefined;
}

/** A number, or a string that began like one (`1/2`, `1,000`, `12abc`). */
import { asFloat, asInt, type PyValue } from "../python/value.ts";
import { type Cursor, isAlpha } from "./cursor.ts";
import { readString } from "./string.ts";

export function readNumber(cursor: Cursor): PyValue {
  const start = cursor.index;
  const inArray = cursor.inside === "array";
  let text = "";
  for (let char = cursor.at(); char !== undefined; char = cursor.at()) {
    if (!("0123456789-.eE/,_".includes(char) || (char === "+" && /[eE]$/.test(text))) || (inArray && char === ",")) break;
    if (char !== "_") text += char;
    cursor.index++;
  }
  const next = cursor.at();
  if (next !== undefined && isAlpha(next)) {
    cursor.index = start;
    return readString(cursor);
  }
  if (/[-+eE/,]$/.test(text)) {
    text = text.slice(0, -1);
    cursor.index--;
  }
  if (text.includes(",")) return text;
  if (/[.eE]/.test(text)) return /^-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?$/.test(text) ? asFloat(Number(text)) : text;
  return /^-?\d{1,4300}$/.test(text) ? asInt(BigInt(text)) : text;
}

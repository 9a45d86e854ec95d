/** The words of an issue: one place builds them, so compiled and interpreted validators cannot differ. */
import type { Issue } from "../errors.ts";

export type Path = readonly (string | number)[];

/** `invoice.lines[2].amount`; a key that is not a plain name is quoted, and whatever is beyond ASCII counts as a letter. */
export function pathText(path: Path): string {
  let text = "";
  for (const part of path) {
    if (typeof part === "number") text += `[${part}]`;
    else if (/^(?!\d)[\w$\x80-\uffff]+$/.test(part)) text += text ? `.${part}` : part;
    else text += `[${JSON.stringify(part)}]`;
  }
  return text;
}

/** A value in a few words. It never runs the value's own code (no toString, no getters). */
export function received(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string")
    return value.length > 60 ? `${JSON.stringify(value.slice(0, 57))}... (${value.length} characters)` : JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (value === null || typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value !== "object") return `a ${typeof value}`;
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "an invalid Date" : "a Date";
  if (value instanceof Set) return `a Set of ${value.size}`;
  if (value instanceof Map) return `a Map of ${value.size}`;
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  return "an object";
}

/** What is wrong at this place, in these words or in the usual ones. */
export function issueAt(path: Path, expected: string, came: string, words = `expected ${expected}, received ${came}.`): Issue {
  const at = pathText(path);
  return { path, expected, received: came, message: at ? `${at}: ${words}` : words };
}

/** A value of the wrong type; returns the value. `expected` is the type in Python's spelling, as the user wrote it. */
export function report<T>(issues: Issue[], path: Path, expected: string, value: T): T {
  const came = received(value);
  const isUnsafe = expected === "int" && (typeof value === "bigint" || Number.isInteger(value));
  if (isUnsafe) {
    const words = `${came} is outside the integers a JavaScript number holds exactly; type the field str.`;
    issues.push({ code: "int_unsafe", ...issueAt(path, "an int within ±(2^53 - 1)", came, words) });
  } else issues.push(issueAt(path, expected, came, value === undefined ? `missing; expected ${expected}.` : undefined));
  return value;
}

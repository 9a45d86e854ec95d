/**
 * The way in: an unknown value becomes a record that holds own enumerable properties only, so that `__proto__`,
 * `constructor` and a polluted Object.prototype are never read as data, and plain property reads are safe after it.
 */
import type { Issue } from "../errors.ts";
import { isObject } from "../shape.ts";
import { issueAt, received, report } from "./issue.ts";

export type Fields = Readonly<Record<string, any>>;

/** `undefined` (and an issue) where the value is no record. Extra names are issues on the way in, ignored on the way out. */
export function ownFields(value: unknown, names: readonly string[], issues: Issue[], extras: "refuse" | "ignore"): Fields | undefined {
  if (!isObject(value)) {
    report(issues, [], "an object of the fields", value);
    return undefined;
  }
  if (isWhole(value, names)) return value as Fields;
  const own: Record<string, unknown> = Object.create(null);
  for (const key of Object.keys(value)) {
    const item = (value as Fields)[key];
    if (names.includes(key)) own[key] = item;
    else if (extras === "refuse" && item !== undefined) {
      const expected = names.length ? `one of ${names.join(", ")}` : "no inputs";
      issues.push(issueAt([key], expected, received(item), `not an input of this signature; expected ${expected}.`));
    }
  }
  return own;
}

/** An object that no class made. */
export function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/**
 * Whether the value is a plain object with exactly these properties, in this order: then reading them from the value
 * itself is safe, and nothing is copied. The loop sees inherited keys too, so no prototype may have enumerable ones.
 */
function isWhole(value: object, names: readonly string[]): boolean {
  if (!isPlain(value)) return false;
  for (const _ in Object.prototype) return false;
  let count = 0;
  for (const key in value) if (key !== names[count++]) return false;
  return count === names.length;
}

/** A dict of the language: a plain object of any realm, never an array or an instance of a class. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  if (!isObject(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

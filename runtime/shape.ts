/**
 * Data from outside against what it should look like: options, saved programs. Every key is looked at, unknown ones are
 * refused, and the first thing wrong is told with its path. The caller says what kind of error that is.
 */
export interface Rule {
  /** Completes "Give ...": `a string`, `"chat", "json", "xml"`. */
  readonly expected: string;
  readonly holds: (value: any) => boolean;
  /** Keys of an object, checked in their turn unless `opaque` says that this one is something else. */
  readonly keys?: Rules | undefined;
  readonly opaque?: (value: any) => boolean;
  /** Of every item of a list. */
  readonly each?: Rule | undefined;
  readonly required?: boolean;
}
export type Rules = Readonly<Record<string, Rule>>;

export interface Complaints {
  unknown(at: string, key: string, known: readonly string[]): Error;
  wrong(at: string, expected: string, value: unknown): Error;
}

export function checkShape(value: unknown, { expected, holds, keys, opaque, each }: Rule, at: string, complaints: Complaints): void {
  if (!holds(value)) throw complaints.wrong(at, expected, value);
  if (each) for (const [i, item] of (value as readonly unknown[]).entries()) checkShape(item, each, `${at}[${i}]`, complaints);
  if (!keys || !isObject(value) || opaque?.(value)) return;
  const place = (key: string) => (at ? `${at}.${key}` : key);
  for (const key of Object.keys(value)) if (!Object.hasOwn(keys, key)) throw complaints.unknown(place(key), key, Object.keys(keys));
  for (const [key, rule] of Object.entries(keys)) {
    const item = value[key];
    if (item !== undefined || rule.required) checkShape(item, rule, place(key), complaints);
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export const isString = (value: unknown): value is string => typeof value === "string";
export const rule = (expected: string, holds: Rule["holds"], more?: Partial<Rule>): Rule => ({ expected, holds, ...more });
export const text: Rule = rule("a string", isString);
export const object = (expected: string, keys?: Rules): Rule => rule(expected, isObject, { keys });
export const record: Rule = object("an object");
export const list = (each?: Rule): Rule => rule("a list", Array.isArray, { each });
export const required = (each: Rule): Rule => ({ ...each, required: true });

/** What came, short, without showing it. */
export function kindOf(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === null || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return "a list";
  return isObject(value) ? "an object" : `a ${typeof value}`;
}

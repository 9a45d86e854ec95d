/**
 * JSON that keeps what a row may depend on: a number's source text (5 and 5.0 differ in Python), and the order of keys
 * like "2". Objects with fixed keys are read as records, data of the row's own (`inputs`, `result`) as maps.
 */
export class JsonNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}
export type Json = null | boolean | string | JsonNumber | readonly Json[] | ReadonlyMap<string, Json>;

export function readJson(text: string): Json {
  let at = 0;
  const blanks = (): void => {
    while (" \t\r\n".includes(text[at] ?? "x")) at++;
  };
  function value(): Json {
    blanks();
    const char = text[at];
    if (char === "{") {
      const entries = new Map<string, Json>();
      at++;
      for (blanks(); text[at] !== "}"; blanks()) {
        const key = string();
        blanks();
        at++;
        entries.set(key, value());
        blanks();
        if (text[at] === ",") at++;
        blanks();
      }
      at++;
      return entries;
    }
    if (char === "[") {
      const items: Json[] = [];
      at++;
      for (blanks(); text[at] !== "]"; blanks()) {
        items.push(value());
        blanks();
        if (text[at] === ",") at++;
      }
      at++;
      return items;
    }
    if (char === '"') return string();
    const word = /true|false|null|NaN|-?Infinity|[-+0-9.eE]+/y;
    word.lastIndex = at;
    const found = word.exec(text)?.[0];
    if (found === undefined) throw new SyntaxError(`not JSON at ${at}`);
    at += found.length;
    return found === "true" ? true : found === "false" ? false : found === "null" ? null : new JsonNumber(found);
  }
  function string(): string {
    const start = at;
    for (at++; text[at] !== '"'; at++) if (text[at] === "\\") at++;
    at++;
    return JSON.parse(text.slice(start, at)) as string;
  }
  return value();
}

export const numberValue = (number: JsonNumber): number => Number(number.text.replace(/^(-?)Infinity$/, "$1Infinity"));

/** Without maps and numbers' texts: for the parts of a row that are the corpus's own. */
export function plainJson(value: Json): unknown {
  if (value instanceof JsonNumber) return numberValue(value);
  if (Array.isArray(value)) return value.map(plainJson);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [key, plainJson(item)]));
  return value;
}

/** A record whose values keep their form: for objects with fixed keys. */
export function record(value: Json | undefined): Record<string, Json> {
  return value instanceof Map ? (Object.fromEntries(value) as Record<string, Json>) : {};
}

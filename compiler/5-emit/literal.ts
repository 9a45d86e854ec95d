/** Data as JavaScript source: one line where it fits, else one entry a line, as a formatter would leave it. */
import type { Constant } from "../../runtime/abi.ts";

const WIDTH = 110;

/** With `open`, an object takes several lines whatever its length. */
export function literal(value: unknown, indent = "", open = false): string {
  if (typeof value !== "object" || value === null) return atom(value);
  const isList = Array.isArray(value);
  const entries: Entry[] = isList ? value.map((item) => entryOf("", item)) : entriesOf(value);
  const flat = open ? undefined : joined(entries, isList);
  if (flat !== undefined && indent.length + flat.length <= WIDTH) return flat;
  if (entries.length === 0) return isList ? "[]" : "{}";
  const inner = `${indent}  `;
  let text = isList ? "[\n" : "{\n";
  for (const { key, item, line } of entries) {
    text += `${inner}${key}${inner.length + line.length <= WIDTH ? line : literal(item, inner)},\n`;
  }
  return `${text}${indent}${isList ? "]" : "}"}`;
}

/** One entry of a list or an object, and its value on one line: made once, whatever line it ends in. */
interface Entry {
  readonly key: string;
  readonly item: unknown;
  readonly line: string;
}

const entryOf = (key: string, item: unknown): Entry => ({ key, item, line: flatten(item) });

/** Absent and undefined are the same, as in JSON. */
function entriesOf(value: object): Entry[] {
  const entries: Entry[] = [];
  for (const key of Object.keys(value)) {
    const item = (value as Record<string, unknown>)[key];
    if (item !== undefined) entries.push(entryOf(`${property(key)}: `, item));
  }
  return entries;
}

function joined(entries: readonly Entry[], isList: boolean): string {
  let text = "";
  for (const { key, line } of entries) text += `${text === "" ? "" : ", "}${key}${line}`;
  return isList ? `[${text}]` : text === "" ? "{}" : `{ ${text} }`;
}

/** On one line. A loop and no intermediate arrays: it is most of emission's time. */
function flatten(value: unknown): string {
  if (typeof value !== "object" || value === null) return atom(value);
  let text = "";
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) text += i === 0 ? flatten(value[i]) : `, ${flatten(value[i])}`;
    return `[${text}]`;
  }
  for (const key of Object.keys(value)) {
    const item = (value as Record<string, unknown>)[key];
    if (item !== undefined) text += `${text === "" ? "" : ", "}${property(key)}: ${flatten(item)}`;
  }
  return text === "" ? "{}" : `{ ${text} }`;
}

function atom(value: unknown): string {
  if (typeof value === "string") return quoted(value);
  return Object.is(value, -0) ? "-0" : JSON.stringify(value);
}

/** Most texts are names; for these the call costs more than the quotes. */
export const quoted = (text: string): string => (/^[\w .,-]*$/.test(text) ? `"${text}"` : JSON.stringify(text));

/** A property's name in an object literal. `__proto__: x` would set the prototype; computed, it is a key like any other. */
export function property(name: string): string {
  if (name === "__proto__") return '["__proto__"]';
  return isIdentifier(name) ? name : JSON.stringify(name);
}

export function isIdentifier(name: string): boolean {
  return /^[A-Za-z_$][\w$]*$/.test(name) || /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name);
}

/** A constant of the language as the JavaScript expression of the value it stands for. */
export function constantLiteral(value: Constant): string {
  if (typeof value !== "object" || value === null) return atom(value);
  if (Array.isArray(value)) return `[${value.map(constantLiteral).join(", ")}]`;
  if ("float" in value) return String(Number(value.float));
  if ("int" in value) return `${value.int}n`;
  if ("repr" in value) return JSON.stringify(value.repr);
  const { dict } = value as { dict: readonly (readonly [Constant, Constant])[] };
  const parts = dict.map(([key, item]) => `${property(typeof key === "string" ? key : constantLiteral(key))}: ${constantLiteral(item)}`);
  return parts.length === 0 ? "{}" : `{ ${parts.join(", ")} }`;
}

/** Reading and printing data for a template. Only own fields of plain data are read; text that comes out is never looked at again. */
import { Float } from "../values.ts";
import type { PathExpression, TemplateSpan } from "./ast.ts";
import { templateError } from "./error.ts";

export type Context = Readonly<Record<string, unknown>>;

/** A context, and the names of the loops inside it, the innermost first. */
export interface Scope {
  readonly own: Context;
  readonly outer: Scope | undefined;
}

function scopeOf(name: string, scope: Scope | undefined): Context | undefined {
  for (; scope; scope = scope.outer) if (Object.hasOwn(scope.own, name)) return scope.own;
  return undefined;
}

/** The value at a path. In a condition a field that is not there is null; elsewhere it is a mistake. */
export function readPath(text: string, path: PathExpression, scope: Scope, optional: boolean): unknown {
  const { name, fields, span } = path;
  const context = scopeOf(name, scope);
  if (!context) throw unknown(text, { start: span.start, end: span.start + name.length }, name, `there is no \`${name}\` in the context.`);
  let value = context[name];
  for (const field of fields) {
    const found = fieldOf(value, field);
    if (found === MISSING) {
      if (optional) return null;
      throw unknown(text, span, name, `\`${text.slice(span.start, span.end)}\` does not exist: ${describe(value)} has no \`${field}\`.`);
    }
    value = found;
  }
  return value ?? null;
}

const MISSING: unique symbol = Symbol("missing");

function fieldOf(value: unknown, field: string | number): unknown {
  if (Array.isArray(value))
    return field === "length" ? value.length : typeof field === "number" && field < value.length ? value[field] : MISSING;
  return typeof value === "object" && value !== null && Object.hasOwn(value, field) ? (value as Context)[field] : MISSING;
}

function unknown(text: string, span: TemplateSpan, name: string, what: string): Error {
  return templateError("template_unknown_name", text, span, what, `Give the template ${name}, or test it with <% if %>.`);
}

function describe(value: unknown): string {
  return value === null || value === undefined
    ? "null"
    : Array.isArray(value)
      ? `a list of ${value.length}`
      : typeof value === "object"
        ? "the object"
        : `a ${typeof value}`;
}

/** Strings as they are, null as nothing, lists and objects as JSON. */
export function print(text: string, path: PathExpression, value: unknown): string {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
    case "boolean":
    case "bigint":
      return String(value);
    case "undefined":
      return "";
    case "object":
      if (value === null) return "";
      if (value instanceof Float) return JSON.stringify(value);
      if (value instanceof Date) return Number.isNaN(value.getTime()) ? "" : value.toISOString();
      try {
        return (
          JSON.stringify(value instanceof Set ? [...value] : value, (_, item: unknown) =>
            typeof item === "bigint" ? String(item) : item,
          ) ?? ""
        );
      } catch {
        throw unknown(text, path.span, path.name, "this value holds itself, and cannot be printed.");
      }
    default:
      throw unknown(text, path.span, path.name, `this is a ${typeof value}, and a template prints data.`);
  }
}

/** What a loop goes over: items with their index or key. Null is an empty list. */
export function entriesOf(text: string, path: PathExpression, value: unknown): readonly (readonly [string | number, unknown])[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value.map((item, i) => [i, item] as const);
  if (value instanceof Set) return [...value].map((item, i) => [i, item] as const);
  const prototype: unknown = typeof value === "object" ? Object.getPrototypeOf(value) : undefined;
  if (prototype === Object.prototype || prototype === null) return Object.entries(value as Context);
  throw unknown(text, path.span, path.name, `a loop goes over a list, a set or an object; this is ${describe(value)}.`);
}

/** Empty is false, as in Python: null, "", 0, no items, no keys. */
export function truth(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof Set) return value.size > 0;
  if (value instanceof Float) return value.value !== 0;
  if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype)
    return Object.keys(value).length > 0;
  return Boolean(value);
}

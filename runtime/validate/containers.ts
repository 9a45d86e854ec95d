/**
 * Checks over containers whose items a check may replace (a model's defaults fill, a schema transforms). Containers of
 * plain values are checked in place by straight loops; these are for the rest, compiled and interpreted alike.
 */
import type { Issue } from "../errors.ts";
import { isRecord, ownFields } from "./fields.ts";
import { type Path, report } from "./issue.ts";

/** Checks one value; returns it, or what it became. */
export type Check = (value: any, path: Path, issues: Issue[]) => unknown;

export function eachItem(value: unknown, path: Path, issues: Issue[], expected: string, check: Check): unknown {
  if (!Array.isArray(value)) return report(issues, path, expected, value);
  return Array.from(value, (item, i) => check(item, [...path, i], issues));
}

export function eachMember(value: unknown, path: Path, issues: Issue[], expected: string, check: Check): unknown {
  if (!(value instanceof Set)) return report(issues, path, expected, value);
  return new Set(Array.from(value, (item, i) => check(item, [...path, i], issues)));
}

export function eachValue(value: unknown, path: Path, issues: Issue[], expected: string, key: Check | undefined, check: Check): unknown {
  if (!isRecord(value)) return report(issues, path, expected, value);
  const out: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value)) {
    key?.(name, [...path, name], issues);
    // Not an assignment: `__proto__` is a key like any other.
    Object.defineProperty(out, name, { value: check(item, [...path, name], issues), enumerable: true, writable: true, configurable: true });
  }
  return out;
}

export function eachPlace(value: unknown, path: Path, issues: Issue[], expected: string, checks: readonly Check[]): unknown {
  if (!Array.isArray(value) || value.length !== checks.length) return report(issues, path, expected, value);
  return checks.map((check, i) => check(value[i], [...path, i], issues));
}

/** A dict's keys arrive as strings; an int or float key must spell a number. */
export function keyOf(type: "int" | "float", key: string, path: Path, issues: Issue[]): void {
  const fits = type === "int" ? /^[+-]?\d+$/.test(key) : key.trim() !== "" && !Number.isNaN(Number(key));
  if (!fits) report(issues, path, `a key that spells ${type === "int" ? "an int" : "a float"}`, key);
}

/** The first member without issues wins. Where none does, a member of the value's own shape speaks; else the union does. */
export function anyOf(value: unknown, path: Path, issues: Issue[], expected: string, members: readonly Check[]): unknown {
  let nearest: Issue[] | undefined;
  for (const member of members) {
    const found: Issue[] = [];
    const out = member(value, path, found);
    if (found.length === 0) return out;
    if (!nearest && found.every((issue) => issue.path.length > path.length)) nearest = found;
  }
  if (nearest) issues.push(...nearest);
  else report(issues, path, expected, value);
  return value;
}

/** A model's value as an object of its own fields; other properties are left out, as pydantic leaves them. */
export function modelFields(
  value: unknown,
  path: Path,
  issues: Issue[],
  expected: string,
  names: readonly string[],
): Record<string, any> | undefined {
  if (path.length > 500) return void report(issues, path, "a value at most 500 levels deep", value);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return void report(issues, path, expected, value);
  return ownFields(value, names, issues, "ignore");
}

/** Pydantic's constraints, enforced. Which apply is decided by the value's kind, so a null in an Optional passes. */
import type { Issue } from "../errors.ts";
import type { Constraints } from "../spec.ts";
import { issueAt, type Path, received } from "./issue.ts";

/** A string's length is counted in code points, as Python counts it. */
function sizeOf(value: unknown): number | undefined {
  if (typeof value === "string") {
    let count = 0;
    for (const _ of value) count++;
    return count;
  }
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length;
  if (value instanceof Set) return value.size;
  return typeof value === "object" && value !== null && !(value instanceof Date) ? Object.keys(value).length : undefined;
}

/** Ints exactly; floats within pydantic-core's tolerance of one part in 10^9. */
function isMultiple(value: number, of: number): boolean {
  const rest = Math.abs(value % of);
  if (Number.isInteger(value) && Number.isInteger(of)) return rest === 0;
  const threshold = Math.abs(value) / 1e9;
  return rest <= threshold || Math.abs(rest - Math.abs(of)) <= threshold;
}

/** Null where the constraint holds or does not apply; else what was expected, in words. */
function violated(name: string, bound: unknown, value: unknown, size: number | undefined): string | null {
  if (typeof value === "number") {
    const limit = typeof bound === "object" ? Number((bound as { readonly float: string }).float) : (bound as number);
    if (name === "gt") return value > limit ? null : `a number greater than ${limit}`;
    if (name === "ge") return value >= limit ? null : `a number greater than or equal to ${limit}`;
    if (name === "lt") return value < limit ? null : `a number less than ${limit}`;
    if (name === "le") return value <= limit ? null : `a number less than or equal to ${limit}`;
    if (name === "multiple_of") return isMultiple(value, limit) ? null : `a multiple of ${limit}`;
    if (name === "allow_inf_nan") return bound || Number.isFinite(value) ? null : "a finite number";
    return null;
  }
  const unit = typeof value === "string" ? "character" : value instanceof Uint8Array ? "byte" : "item";
  const many = `${bound} ${unit}${bound === 1 ? "" : "s"}`;
  if (name === "min_length") return size === undefined || size >= (bound as number) ? null : `at least ${many}`;
  if (name === "max_length") return size === undefined || size <= (bound as number) ? null : `at most ${many}`;
  if (name === "pattern")
    return typeof value !== "string" || new RegExp(bound as string, "u").test(value) ? null : `a string matching /${bound}/`;
  return null;
}

/**
 * Reports every constraint that the value violates. Generated code calls it only where its own quick test fails.
 * With `since`, a value already reported itself (an issue at this very path after the first `since` ones) is let be.
 */
export function limit(issues: Issue[], path: Path, constraints: Constraints, value: unknown, since: number = issues.length): void {
  if (issues.slice(since).some((issue) => issue.path.length <= path.length)) return;
  const size = sizeOf(value);
  for (const [name, bound] of Object.entries(constraints)) {
    const expected = violated(name, bound, value, size);
    if (expected === null) continue;
    const came = name.endsWith("_length") ? `${size}` : received(value);
    issues.push(issueAt(path, expected, came));
  }
}

/** `verify`: both routes have answered; what differs is told, field by field, and the call goes on with its own result. */
import type { Signature } from "../signature.ts";
import { type Difference, differed } from "../telemetry/events.ts";
import type { EngineResult, Route } from "./engine.ts";

export function compare(
  { name, outputs }: Signature,
  route: Route,
  mine: EngineResult,
  theirs: PromiseSettledResult<EngineResult>,
): readonly Difference[] {
  const other = theirs.status === "fulfilled" ? theirs.value.outputs : undefined;
  const failure = theirs.status === "rejected" ? theirs.reason : undefined;
  const differences: Difference[] = [];
  for (const { name: field } of outputs) {
    const here = mine.outputs[field];
    const there = other ? other[field] : failure;
    if (other && same(here, there)) continue;
    differences.push(route === "native" ? { field, native: here, python: there } : { field, native: there, python: here });
  }
  if (differences.length && differed.hasSubscribers) differed.publish({ signature: name, differences });
  return differences;
}

/** A set has no order, in Python less than anywhere. */
const sameMembers = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((member) => b.some((other) => same(member, other)));

/** Equal as values of the language: NaN is itself, dates by their moment, records whatever the order of their keys. */
function same(a: any, b: any): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (a instanceof Date || b instanceof Date) return a instanceof Date && b instanceof Date && a.getTime() === b.getTime();
  if (a instanceof Set || b instanceof Set) return a instanceof Set && b instanceof Set && sameMembers([...a], [...b]);
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]));
}

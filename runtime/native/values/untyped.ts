/** A JavaScript value as the Python value it looks like, where no type says more. */
import { SignatureError } from "../../errors.ts";
import { Float, History, Image } from "../../values.ts";
import { Bytes, Instance, Member, Opaque, PySet, type PyValue, Scalar, Secret, Tuple } from "../python/value.ts";

const MAX_DEPTH = 200;

export function refuseDeep(depth: number): void {
  if (depth > MAX_DEPTH)
    throw new SignatureError("input_invalid", "A value is nested too deeply, or contains itself.", {
      remedy: `Values may be ${MAX_DEPTH} levels deep.`,
    });
}

export const isPython = (value: unknown): value is PyValue =>
  value instanceof Tuple ||
  value instanceof PySet ||
  value instanceof Scalar ||
  value instanceof Secret ||
  value instanceof Member ||
  value instanceof Instance ||
  value instanceof Bytes ||
  value instanceof Float ||
  value instanceof Opaque ||
  typeof value === "bigint";

export function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value) as unknown;
  return prototype === Object.prototype || prototype === null;
}

export function untyped(value: unknown, depth = 0): PyValue {
  refuseDeep(depth);
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean" || typeof value === "bigint" || isPython(value))
    return value;
  const inner = (item: unknown): PyValue => untyped(item, depth + 1);
  if (Array.isArray(value)) return value.map(inner);
  if (value instanceof Set) return new PySet([...value].map(inner));
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [inner(key), inner(item)]));
  if (value instanceof Date) return new Scalar("datetime", isoTime(value));
  if (value instanceof Uint8Array) return new Bytes(value);
  if (value instanceof Image) return new Instance("dspy.Image", new Map([["url", value.url]]));
  if (value instanceof History) return new Instance("dspy.History", new Map([["messages", inner(value.messages)]]));
  if (isRecord(value))
    return new Map(
      Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([key, item]) => [key, inner(item)]),
    );
  return new Opaque(value);
}

/** A Date is an instant: Python's datetime in UTC, microseconds only where there are any. */
function isoTime(value: Date): string {
  if (Number.isNaN(value.getTime()))
    throw new SignatureError("input_invalid", "A Date holds no valid time.", { remedy: "Pass a valid Date." });
  return value.toISOString().replace(/\.(\d{3})Z$/, (_, millis: string) => (millis === "000" ? "Z" : `.${millis}000Z`));
}

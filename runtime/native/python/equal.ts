/** `==` and hashing: numbers are equal across int, float and bool; lists and dicts cannot stand in a set. */
import { Bytes, type Dict, Float, Member, PySet, type PyValue, Scalar, Secret, Tuple } from "./value.ts";

const numeric = (value: PyValue): number | bigint | undefined =>
  value instanceof Float
    ? value.value
    : typeof value === "boolean"
      ? Number(value)
      : typeof value === "number" || typeof value === "bigint"
        ? value
        : undefined;

export function sameValue(a: PyValue, b: PyValue): boolean {
  const x = numeric(a);
  const y = numeric(b);
  // biome-ignore lint/suspicious/noDoubleEquals: a number and a bigint are compared by value, as in Python.
  if (x !== undefined && y !== undefined) return x == y;
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => sameValue(item, b[i]!));
  if (a instanceof Tuple && b instanceof Tuple) return sameValue(a.items, b.items);
  if (a instanceof Scalar && b instanceof Scalar) return a.of === b.of && a.text === b.text;
  if (a instanceof Secret && b instanceof Secret) return hashKey(a) === hashKey(b);
  if (a instanceof Member && b instanceof Member) return a.type.name === b.type.name && a.name === b.name;
  return false;
}

/** A string that is equal for equal values; undefined for what cannot be hashed. */
function hashKey(value: PyValue): string | undefined {
  const number = numeric(value);
  if (number !== undefined) return `n${Number.isInteger(number) ? BigInt(number) : number}`;
  if (value === null) return "none";
  if (typeof value === "string") return `s${value}`;
  if (value instanceof Tuple) {
    const parts = value.items.map(hashKey);
    return parts.includes(undefined) ? undefined : `t${JSON.stringify(parts)}`;
  }
  if (value instanceof Scalar) return `${value.of}:${value.text}`;
  if (value instanceof Secret) return `${value.of}:${hashKey(value.value)}`;
  if (value instanceof Member) return `m${value.type.name}.${value.name}`;
  if (value instanceof Bytes) return value.mutable ? undefined : `b${value.data.join()}`;
  if (value instanceof PySet) return value.frozen ? `f${JSON.stringify(value.items.map(hashKey).sort())}` : undefined;
  return undefined;
}

/** A dict of these entries: of equal keys the first stays, with the last value. Undefined where a key cannot be hashed. */
export function dictOf(entries: Iterable<readonly [PyValue, PyValue]>): Dict | undefined {
  const dict: Dict = new Map();
  let keys: Map<string, PyValue> | undefined;
  for (const [key, value] of entries) {
    if (typeof key === "string") {
      dict.set(key, value);
      continue;
    }
    const hash = hashKey(key);
    if (hash === undefined) return undefined;
    keys ??= new Map();
    if (!keys.has(hash) || hash === NAN) keys.set(hash, key);
    dict.set(keys.get(hash)!, value);
  }
  return dict;
}

/** The one value that is not equal to itself. */
const NAN = "nNaN";

/** Each value once, the first of equals. */
export function distinct(values: readonly PyValue[]): readonly PyValue[] | undefined {
  const seen = new Set<string>();
  const out: PyValue[] = [];
  for (const value of values) {
    const key = hashKey(value);
    if (key === undefined) return undefined;
    if (!seen.has(key) || key === NAN) {
      seen.add(key);
      out.push(value);
    }
  }
  return out;
}

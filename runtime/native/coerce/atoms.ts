/** Numbers, text and truth: what pydantic takes for each in lax mode. */

import { decoded } from "../python/bytes.ts";
import { complexRepr } from "../python/float.ts";
import { repr } from "../python/repr.ts";
import { typeName } from "../python/truth.ts";
import { asFloat, asInt, Bytes, Float, isFloat, isInt, Member, type PyValue, Scalar } from "../python/value.ts";
import { isSpace } from "../python/whitespace.ts";
import { Invalid, LAX, STRICT, type State } from "./state.ts";

const short = (value: PyValue): string => {
  const text = repr(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
};
export const refuse = (expected: string, value: PyValue): never => {
  throw new Invalid(`expected ${expected}, received ${typeName(value)} ${short(value)}`);
};

/** Python itself fails on the value: no other member of a union is tried, as pydantic tries none. */
export class Broken extends Error {}
export function unknownClass(name: string): never {
  throw new Broken(`${name} is no class the engine knows`);
}

export function coerceAtom(type: string, value: PyValue, state: State): PyValue {
  switch (type) {
    case "str":
      return toStr(value, state);
    case "int":
      return toInt(value, state);
    case "float":
      return toFloat(value, state);
    case "bool":
      return toBool(value, state);
    case "none":
      return value === null ? null : refuse("None", value);
    case "bytes":
    case "bytearray":
      return toBytes(value, state);
    case "complex":
      return toComplex(value, state);
    default:
      // Any takes the value as it is: better than a value that had to be changed, worse than one that is of the type.
      state.floor(STRICT);
      return value;
  }
}

/** Rust's `str::trim`: Unicode White_Space, without Python's \x1c-\x1f. */
export function trimmed(text: string): string {
  const isBlank = (index: number): boolean => {
    const code = text.charCodeAt(index);
    return isSpace(code) && !(code >= 0x1c && code <= 0x1f);
  };
  let [start, end] = [0, text.length];
  while (start < end && isBlank(start)) start++;
  while (end > start && isBlank(end - 1)) end--;
  return text.slice(start, end);
}

export function toStr(value: PyValue, state: State): PyValue {
  if (typeof value === "string") return value;
  state.floor(LAX);
  const text = value instanceof Bytes ? decoded(value.data) : undefined;
  return text ?? refuse("a string", value);
}

function toInt(value: PyValue, state: State): PyValue {
  if (isInt(value)) return value;
  state.floor(LAX);
  if (typeof value === "boolean") return Number(value);
  const text = typeof value === "string" ? value : value instanceof Bytes ? decoded(value.data) : undefined;
  if (text !== undefined) {
    const digits = intText(text);
    return digits === undefined ? refuse("an int", value) : asInt(BigInt(digits));
  }
  if (isFloat(value)) {
    const number = Number(value);
    // pydantic-core turns floats into 64-bit ints only.
    return Number.isInteger(number) && Math.abs(number) < 2 ** 63 ? asInt(BigInt(number)) : refuse("an int", value);
  }
  if (value instanceof Scalar && value.of === "Decimal" && /^[-+]?\d+(\.0*)?$/.test(value.text))
    return asInt(BigInt(value.text.replace(/\.0*$/, "").replace(/^\+/, "")));
  if (value instanceof Member && typeof value.value === "number") return value.value;
  return refuse("an int", value);
}

/** The digits of an int in text: blanks around, one sign, single underscores between digits, `.000` at the end. */
function intText(text: string): string | undefined {
  const match = /^([-+]?)(\d+(?:_\d+)*)(?:\.0+)?$/.exec(trimmed(text));
  if (!match) return undefined;
  const digits = match[2]!.replaceAll("_", "");
  return digits.length > 4300 ? undefined : (match[1] === "-" ? "-" : "") + digits;
}

function toFloat(value: PyValue, state: State): PyValue {
  if (isFloat(value)) return value;
  if (isInt(value)) {
    state.floor(STRICT);
    return asFloat(Number(value));
  }
  state.floor(LAX);
  if (typeof value === "boolean") return asFloat(Number(value));
  const text = typeof value === "string" ? value : value instanceof Bytes ? decoded(value.data) : undefined;
  if (text !== undefined) return floatText(text) ?? refuse("a float", value);
  if (value instanceof Scalar && value.of === "Decimal") return asFloat(Number(value.text));
  return refuse("a float", value);
}

/** pydantic-core drops single underscores wherever they stand but at the ends, then reads as Rust does. */
function floatText(text: string): PyValue | undefined {
  const given = trimmed(text);
  if (given.includes("_") && /^_|__|_$/.test(given)) return undefined;
  const bare = given.replaceAll("_", "");
  const special = /^([-+]?)(inf(?:inity)?|nan)$/i.exec(bare);
  if (special)
    return special[2]!.toLowerCase() === "nan" ? Number.NaN : special[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?$/.test(bare) ? asFloat(Number(bare)) : undefined;
}

const TRUE = new Set(["1", "on", "t", "true", "y", "yes"]);
const FALSE = new Set(["0", "off", "f", "false", "n", "no"]);

function toBool(value: PyValue, state: State): PyValue {
  if (typeof value === "boolean") return value;
  state.floor(LAX);
  const text = typeof value === "string" ? value : value instanceof Bytes ? decoded(value.data) : undefined;
  if (text !== undefined) {
    const word = text.toLowerCase();
    if (TRUE.has(word)) return true;
    if (FALSE.has(word)) return false;
  }
  if (isInt(value) || isFloat(value)) {
    const number = Number(value);
    if (number === 0 || number === 1) return number === 1;
  }
  return refuse("a bool", value);
}

function toBytes(value: PyValue, state: State): PyValue {
  if (value instanceof Bytes) {
    if (value.mutable) state.floor(LAX);
    return value.mutable ? new Bytes(value.data) : value;
  }
  state.floor(LAX);
  return typeof value === "string" ? new Bytes(new TextEncoder().encode(value)) : refuse("bytes", value);
}

const PART = String.raw`(?:(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?|inf(?:inity)?|nan)`;
/** A real part, an imaginary part, or both; the second then has a sign. */
const COMPLEX = new RegExp(`^\\(?(?:([-+]?${PART})(?:([-+](?:${PART})?)j)?|([-+]?(?:${PART})?)j)\\)?$`, "i");

function toComplex(value: PyValue, state: State): PyValue {
  if (value instanceof Scalar && value.of === "complex") return value;
  state.floor(LAX);
  if (typeof value === "boolean" || isInt(value) || isFloat(value))
    return new Scalar("complex", complexRepr(Number(value instanceof Float ? value.value : value), 0));
  const match = typeof value === "string" && value !== "" ? COMPLEX.exec(trimmed(value)) : null;
  if (!match) return refuse("a complex number", value);
  const part = (text: string | undefined): number => {
    if (text === undefined) return 0;
    if (text === "" || text === "+" || text === "-") return text === "-" ? -1 : 1;
    return Number(floatText(text));
  };
  return new Scalar("complex", complexRepr(part(match[1]), part(match[2] ?? match[3])));
}

/** pydantic's own classes of text and numbers: secrets, JSON in text, sizes in bytes, card numbers. */
import { coerceAtom, refuse, toStr, trimmed } from "../coerce/atoms.ts";
import { Invalid, LAX, type State } from "../coerce/state.ts";
import { loads } from "../python/json-loads.ts";
import { Bytes, isInt, type PyValue, Scalar, Secret } from "../python/value.ts";
import type { NamedClasses } from "./named.ts";

/** A value that prints as stars. */
function secret(type: "str" | "bytes", value: PyValue, state: State): PyValue {
  const of = type === "str" ? "SecretStr" : "SecretBytes";
  if (value instanceof Secret && value.of === of) return value;
  return new Secret(of, coerceAtom(type, value, state) as string | Bytes);
}

/** pydantic's parser stops here. */
const DEEPEST = 200;

/** Half of a character is no text to pydantic's parser, as it is to Python's. */
function wellFormed(value: PyValue): PyValue {
  if (typeof value === "string" && /\p{Cs}/u.test(value)) throw new Error("half a character");
  if (Array.isArray(value)) value.forEach(wellFormed);
  else if (value instanceof Map) for (const [key, item] of value) [key, item].forEach(wellFormed);
  return value;
}

function json(value: PyValue, state: State): PyValue {
  state.floor(LAX);
  const text = typeof value === "string" || value instanceof Bytes ? toStr(value, state) : refuse("JSON in a text", value);
  try {
    return wellFormed(loads(text as string, DEEPEST));
  } catch (error) {
    throw new Invalid(`expected JSON in a text: ${(error as Error).message}`);
  }
}

const UNITS: Readonly<Record<string, number>> = Object.fromEntries(
  ["", "k", "m", "g", "t", "p", "e"].flatMap((letter, power) => {
    const [decimal, binary] = [1000 ** power, 1024 ** power];
    return [
      [`${letter}b`, decimal],
      [`${letter}bit`, decimal / 8],
      [letter || "b", decimal],
      ...(letter ? [[`${letter}ib`, binary] as const, [`${letter}ibit`, binary / 8] as const] : []),
    ];
  }),
);
const SIZE = /^\s*(\d*\.?\d+)\s*([\p{L}\p{N}_]+)?/u;

function byteSize(value: PyValue, state: State): PyValue {
  if (value instanceof Scalar && value.of === "ByteSize") return value;
  const size = (bytes: bigint): PyValue => new Scalar("ByteSize", bytes.toString());
  if (typeof value !== "string") {
    const number = coerceAtom("int", value, state);
    return isInt(number) && number >= 0 ? size(BigInt(number)) : refuse("a size in bytes", value);
  }
  const [matched, number, unit = "b"] = SIZE.exec(value) ?? [];
  if (matched === undefined) return refuse("a size in bytes", value);
  // Longer ones are no ints to Python, which then reads them as a float.
  const digits = /^\s*\d+(?:_\d+)*\s*$/.test(value) ? value.replaceAll(/[\s_]/g, "") : "";
  if (digits && digits.length <= 4300) return size(BigInt(digits));
  const factor = Object.hasOwn(UNITS, unit.toLowerCase()) ? UNITS[unit.toLowerCase()]! : Number.NaN;
  const bytes = Math.trunc(Number(number) * factor);
  return Number.isFinite(bytes) ? size(BigInt(bytes)) : refuse("a size in bytes", value);
}

/** Digits that add up as Luhn says, of the length the brand of the first ones has. */
function cardNumber(value: PyValue, state: State): PyValue {
  if (value instanceof Scalar && value.of === "PaymentCardNumber") return value;
  const digits = trimmed(toStr(value, state) as string);
  if (!/^\d{12,19}$/.test(digits)) return refuse("a card's number", value);
  const sum = [...digits].reduceRight((total, char, i) => {
    const digit = Number(char) * ((digits.length - i) % 2 === 0 ? 2 : 1);
    return total + (digit > 9 ? digit - 9 : digit);
  }, 0);
  const first = Number(digits.slice(0, 2));
  const lengths = digits.startsWith("4")
    ? [13, 16, 19]
    : first >= 51 && first <= 55
      ? [16]
      : first === 34 || first === 37
        ? [15]
        : undefined;
  const valid = sum % 10 === 0 && (lengths?.includes(digits.length) ?? true);
  return valid ? new Scalar("PaymentCardNumber", digits) : refuse("a card's number", value);
}

const PASSWORD = { type: "string", format: "password", writeOnly: true };

export const PYDANTIC: NamedClasses = {
  "pydantic.types.SecretStr": { schema: PASSWORD, read: (value, state) => secret("str", value, state) },
  "pydantic.types.SecretBytes": { schema: PASSWORD, read: (value, state) => secret("bytes", value, state) },
  "pydantic.types.Json": { schema: { type: "string", contentMediaType: "application/json", contentSchema: {} }, read: json },
  "pydantic.types.ByteSize": {
    schema: {
      anyOf: [
        { type: "string", pattern: String.raw`^\s*(\d*\.?\d+)\s*(\w+)?` },
        { type: "integer", minimum: 0 },
      ],
    },
    read: byteSize,
  },
  "pydantic.types.PaymentCardNumber": { schema: { type: "string", maxLength: 19, minLength: 12 }, read: cardNumber },
};

/** `fractions.Fraction`: `1/3`, decimals, and the exact ratio a float is. */
import { refuse } from "../coerce/atoms.ts";
import { LAX, type State } from "../coerce/state.ts";
import { isFloat, isInt, type PyValue, Scalar } from "../python/value.ts";
import type { NamedClasses } from "./named.ts";

/** Python reads no int of more digits, and prints none. */
const MAX_DIGITS = 4300;
const DIGITS = String.raw`\d+(?:_\d+)*`;
const RATIO = new RegExp(
  String.raw`^\s*([-+]?)(?=\d|\.\d)(\d*|${DIGITS})(?:(?:\/(${DIGITS}))?|(?:\.(\d*|${DIGITS}))?(?:[eE]([-+]?${DIGITS}))?)\s*$`,
);
const whole = (digits: string | undefined): bigint => BigInt((digits ?? "").replaceAll("_", "") || "0");
const isLong = (digits: string | undefined): boolean => (digits ?? "").replaceAll("_", "").length > MAX_DIGITS;

function read(value: PyValue, state: State): PyValue {
  if (value instanceof Scalar && value.of === "Fraction") return value;
  state.floor(LAX);
  if (typeof value === "boolean" || isInt(value)) return new Scalar("Fraction", BigInt(value).toString());
  const found = typeof value === "string" ? parsed(value) : isFloat(value) ? ofFloat(Number(value)) : undefined;
  return found ?? refuse("a fraction", value);
}

function parsed(text: string): PyValue | undefined {
  const [matched, sign, number, denominator, decimals, exponent] = RATIO.exec(text) ?? [];
  if (matched === undefined || [number, denominator, decimals].some(isLong)) return undefined;
  let top = whole(number);
  let bottom = denominator === undefined ? 1n : whole(denominator);
  if (decimals !== undefined) {
    const places = decimals.replaceAll("_", "");
    const scale = 10n ** BigInt(places.length);
    top = top * scale + whole(places);
    bottom *= scale;
  }
  const power = Number((exponent ?? "0").replaceAll("_", ""));
  if (bottom === 0n || Math.abs(power) > MAX_DIGITS) return undefined;
  if (power > 0) top *= 10n ** BigInt(power);
  else bottom *= 10n ** BigInt(-power);
  return ratio(sign === "-" ? -top : top, bottom);
}

/** Doubling a float until it is whole changes its exponent and nothing else. */
function ofFloat(value: number): PyValue | undefined {
  if (!Number.isFinite(value)) return undefined;
  let [top, bottom] = [value, 1n];
  for (; !Number.isInteger(top); top *= 2) bottom *= 2n;
  return ratio(BigInt(top), bottom);
}

function ratio(top: bigint, bottom: bigint): PyValue {
  let [a, b] = [top < 0n ? -top : top, bottom];
  while (b) [a, b] = [b, a % b];
  return new Scalar("Fraction", bottom === a ? String(top / a) : `${top / a}/${bottom / a}`);
}

export const FRACTIONS: NamedClasses = {
  "fractions.Fraction": { schema: { anyOf: [{ type: "number" }, { type: "string", format: "fraction" }] }, read },
};

/** `ipaddress` of Python 3.11: addresses, interfaces and networks from text, ints and packed bytes. */
import { refuse } from "../coerce/atoms.ts";
import { LAX } from "../coerce/state.ts";
import { Bytes, isInt, type PyValue, Scalar, type ScalarClass, Tuple } from "../python/value.ts";
import type { NamedClass, NamedClasses } from "./named.ts";

type Version = 4 | 6;
type Form = "Address" | "Interface" | "Network";
interface Address {
  readonly bits: bigint;
  readonly text: string;
}

const width = (version: Version): number => (version === 4 ? 32 : 128);

function addressOf(value: PyValue, version: Version): Address | undefined {
  const size = width(version);
  const number = typeof value === "boolean" ? BigInt(value) : isInt(value) ? BigInt(value) : undefined;
  if (number !== undefined) return number >= 0n && number < 1n << BigInt(size) ? written(number, version) : undefined;
  if (value instanceof Bytes) return value.data.length * 8 === size ? written(packed(value.data), version) : undefined;
  // Whatever else it is, Python reads its `str`, which holds no address.
  if (typeof value !== "string") return undefined;
  if (version === 4) {
    const bits = dotted(value);
    return bits === undefined ? undefined : written(bits, 4);
  }
  const percent = value.indexOf("%");
  const scope = percent < 0 ? "" : value.slice(percent);
  if (scope === "%" || scope.indexOf("%", 1) > 0 || scope.includes("/")) return undefined;
  const bits = hextets(percent < 0 ? value : value.slice(0, percent));
  if (bits === undefined) return undefined;
  const { text } = written(bits, 6);
  return { bits, text: text + scope };
}

const packed = (data: Uint8Array): bigint => data.reduce((bits, byte) => (bits << 8n) | BigInt(byte), 0n);

/** Four decimal numbers without leading zeros. */
function dotted(text: string): bigint | undefined {
  const octets = text.split(".");
  if (octets.length !== 4 || !octets.every((octet) => /^(?:0|[1-9]\d{0,2})$/.test(octet) && Number(octet) < 256)) return undefined;
  return octets.reduce((bits, octet) => (bits << 8n) | BigInt(octet), 0n);
}

/** Eight groups of up to four hexadecimal digits; `::` stands for one group or more, the last two may be dotted. */
function hextets(text: string): bigint | undefined {
  const groups = text.split(":");
  if (groups.length < 3) return undefined;
  if (groups.at(-1)!.includes(".")) {
    const bits = dotted(groups.pop()!);
    if (bits === undefined) return undefined;
    groups.push((bits >> 16n).toString(16), (bits & 0xffffn).toString(16));
  }
  if (groups.length > 9) return undefined;
  const gaps = groups.flatMap((group, i) => (group === "" && i > 0 && i < groups.length - 1 ? [i] : []));
  if (gaps.length > 1) return undefined;
  let [high, low] = [groups, [] as string[]];
  if (gaps.length === 1) {
    high = groups.slice(0, gaps[0]);
    low = groups.slice(gaps[0]! + 1);
    if (high[0] === "" && high.length === 1) high = [];
    if (low.at(-1) === "" && low.length === 1) low = [];
    if (high.length + low.length > 7) return undefined;
  } else if (groups.length !== 8) return undefined;
  if (![...high, ...low].every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  const all = [...high, ...Array<string>(8 - high.length - low.length).fill("0"), ...low];
  return all.reduce((bits, group) => (bits << 16n) | BigInt(`0x${group}`), 0n);
}

function written(bits: bigint, version: Version): Address {
  if (version === 4) return { bits, text: [24n, 16n, 8n, 0n].map((shift) => (bits >> shift) & 255n).join(".") };
  const groups = Array.from({ length: 8 }, (_, i) => ((bits >> BigInt(112 - 16 * i)) & 0xffffn).toString(16));
  // The longest run of zeros, the first of equals, becomes `::`; one alone stays.
  let [start, length] = [0, 1];
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (end < 8 && groups[end] === "0") end++;
    if (end - i > length) [start, length] = [i, end - i];
  }
  const text = length > 1 ? `${groups.slice(0, start).join(":")}::${groups.slice(start + length).join(":")}` : groups.join(":");
  return { bits, text };
}

/** A prefix's length: digits, or for version 4 a mask, or a mask the other way round. */
function prefixOf(value: PyValue, version: Version): number | undefined {
  const size = width(version);
  const within = (length: number): number | undefined => (length >= 0 && length <= size ? length : undefined);
  if (isInt(value)) return within(Number(value));
  if (typeof value !== "string") return undefined;
  if (/^\d+$/.test(value)) return within(Number(value));
  const mask = version === 4 ? dotted(value) : undefined;
  return mask === undefined ? undefined : (maskLength(mask) ?? maskLength(mask ^ 0xffffffffn));
}

/** Ones, then zeros; Python takes all zeros for no prefix at all. */
function maskLength(mask: bigint): number | undefined {
  const bits = mask.toString(2).padStart(32, "0");
  return /^1*0*$/.test(bits) ? bits.lastIndexOf("1") + 1 : undefined;
}

function read(value: PyValue, version: Version, form: Form): PyValue | undefined {
  const of = `IPv${version}${form}` as ScalarClass;
  if (value instanceof Scalar && value.of === of) return value;
  if (form === "Address") {
    const address = addressOf(value, version);
    return address && new Scalar(of, address.text);
  }
  const parts = value instanceof Tuple ? value.items : typeof value === "string" ? value.split("/") : [value];
  if (parts.length === 0 || parts.length > 2) return undefined;
  const address = addressOf(parts[0]!, version);
  const prefix = parts.length === 1 ? width(version) : prefixOf(parts[1]!, version);
  if (!address || prefix === undefined) return undefined;
  // A network has nothing behind its prefix.
  if (form === "Network" && address.bits & ((1n << BigInt(width(version) - prefix)) - 1n)) return undefined;
  return new Scalar(of, `${address.text}/${prefix}`);
}

function named(versions: readonly Version[], form: Form, format: string): NamedClass {
  return {
    schema: { type: "string", format },
    read(value, state) {
      // pydantic cannot tell how exact a function of its own was, and takes it at its word.
      if (versions.length === 1) state.floor(LAX);
      for (const version of versions) {
        const found = read(value, version, form);
        if (found) return found;
      }
      return refuse(`an IPv${versions.join(" or IPv")} ${form.toLowerCase()}`, value);
    },
  };
}

const FORMS: readonly Form[] = ["Address", "Interface", "Network"];
const suffix = (form: Form): string => (form === "Address" ? "" : form.toLowerCase());

export const ADDRESSES: NamedClasses = Object.fromEntries(
  FORMS.flatMap((form) => [
    [`ipaddress.IPv4${form}`, named([4], form, `ipv4${suffix(form)}`)],
    [`ipaddress.IPv6${form}`, named([6], form, `ipv6${suffix(form)}`)],
    [`pydantic.networks.IPvAny${form}`, named([4, 6], form, `ipvany${form.toLowerCase()}`)],
  ]),
);

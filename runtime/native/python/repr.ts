/** `repr(x)` and `str(x)` of values: what DSPy prints where a value meets a `str` field. */
import { pattern } from "../../pattern.ts";
import { floatRepr } from "./float.ts";
import { Bytes, Float, Instance, Member, type Opaque, PySet, type PyValue, Scalar, Secret, Tuple } from "./value.ts";

export function str(value: PyValue): string {
  if (typeof value === "string") return value;
  if (value instanceof Scalar) return value.of === "datetime" ? value.text.replace("T", " ").replace(/Z$/, "+00:00") : value.text;
  if (value instanceof Instance) {
    if (value.of === "dspy.Code" || value.of === "dspy.Reasoning")
      return value.of === "dspy.Code" ? `code=${repr(value.values.get("code")!)}` : String(value.values.get("content"));
    return [...value.values].map(([name, item]) => `${name}=${repr(item)}`).join(" ");
  }
  if (value instanceof Member) return `${value.type.name}.${value.name}`;
  if (value instanceof Secret) return value.of === "SecretStr" ? value.stars : `b'${value.stars}'`;
  return repr(value);
}

export function repr(value: PyValue): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") return stringRepr(value);
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value).toString() : floatRepr(value);
  if (value instanceof Float) return floatRepr(value.value);
  if (Array.isArray(value)) return `[${value.map(repr).join(", ")}]`;
  if (value instanceof Tuple) return value.items.length === 1 ? `(${repr(value.items[0]!)},)` : `(${value.items.map(repr).join(", ")})`;
  if (value instanceof PySet) {
    const body = `{${value.items.map(repr).join(", ")}}`;
    return value.frozen ? (value.items.length ? `frozenset(${body})` : "frozenset()") : value.items.length ? body : "set()";
  }
  if (value instanceof Map) return `{${[...value].map(([key, item]) => `${repr(key)}: ${repr(item)}`).join(", ")}}`;
  if (value instanceof Bytes) return value.mutable ? `bytearray(${bytesRepr(value.data)})` : bytesRepr(value.data);
  if (value instanceof Member) return `<${value.type.name}.${value.name}: ${repr(value.value)}>`;
  if (value instanceof Scalar) return scalarRepr(value);
  if (value instanceof Secret) return `${value.of}(${value.of === "SecretStr" ? "" : "b"}'${value.stars}')`;
  if (value instanceof Instance)
    return `${value.of.slice(value.of.lastIndexOf(".") + 1)}(${[...value.values].map(([name, item]) => `${name}=${repr(item)}`).join(", ")})`;
  return String((value as Opaque).value);
}

/** Single quotes unless the text has one and no double quote; what does not print is escaped. */
function stringRepr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let out = quote;
  for (const char of text) {
    const code = char.codePointAt(0)!;
    if (char === "\\" || char === quote) out += `\\${char}`;
    else if (char === "\n") out += "\\n";
    else if (char === "\r") out += "\\r";
    else if (char === "\t") out += "\\t";
    else if (code >= 32 && code < 127) out += char;
    else if (code >= 127 && printable(char)) out += char;
    else if (code < 256) out += `\\x${code.toString(16).padStart(2, "0")}`;
    else if (code < 65536) out += `\\u${code.toString(16).padStart(4, "0")}`;
    else out += `\\U${code.toString(16).padStart(8, "0")}`;
  }
  return out + quote;
}

/** `str.isprintable` of one character: not control, format, surrogate, private, unassigned, nor a separator but the space. */
const UNPRINTABLE = /* @__PURE__ */ pattern(String.raw`[\p{C}\p{Z}]`);
const printable = (char: string): boolean => !UNPRINTABLE().test(char);

function bytesRepr(data: Uint8Array): string {
  let quote = "'";
  if (data.includes(39) && !data.includes(34)) quote = '"';
  let out = `b${quote}`;
  for (const byte of data) {
    const char = String.fromCharCode(byte);
    if (char === "\\" || char === quote) out += `\\${char}`;
    else if (byte === 10) out += "\\n";
    else if (byte === 13) out += "\\r";
    else if (byte === 9) out += "\\t";
    else if (byte >= 32 && byte < 127) out += char;
    else out += `\\x${byte.toString(16).padStart(2, "0")}`;
  }
  return out + quote;
}

function scalarRepr({ of, text }: Scalar): string {
  if (of === "Decimal" || of === "UUID") return `${of}('${text}')`;
  if (of === "ellipsis") return "Ellipsis";
  if (of === "timedelta") return timedeltaRepr(text);
  if (of === "ByteSize") return text;
  if (of === "PaymentCardNumber") return stringRepr(text);
  if (of === "Fraction") return `Fraction(${text.includes("/") ? text.replace("/", ", ") : `${text}, 1`})`;
  if (of === "PureWindowsPath") return `${of}(${stringRepr(text.replaceAll("\\", "/"))})`;
  if (/^(?:IPv|Posix|PurePosix)|Url$|Dsn$/.test(of)) return `${of}(${stringRepr(text)})`;
  const parts = /^(?:(\d{4})-(\d\d)-(\d\d))?T?(?:(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?)?(Z|[-+]\d\d:\d\d)?$/.exec(text);
  if (of === "complex" || of === "str" || !parts) return text;
  const [, year, month, day, hour, minute, second = "0", micro, zone] = parts;
  const numbers = [...(of === "time" ? [] : [year, month, day]), ...(of === "date" ? [] : [hour ?? 0, minute ?? 0])].map(Number);
  if (of !== "date" && (Number(second) !== 0 || micro)) numbers.push(Number(second));
  if (micro) numbers.push(Number(micro.padEnd(6, "0")));
  const offset =
    zone === undefined
      ? undefined
      : zone === "Z"
        ? 0
        : (zone[0] === "-" ? -1 : 1) * (Number(zone.slice(1, 3)) * 3600 + Number(zone.slice(4)) * 60);
  return `datetime.${of}(${numbers.join(", ")}${offset === undefined ? "" : `, tzinfo=TzInfo(${offset})`})`;
}

/** From pydantic's ISO text; Python keeps days, seconds and microseconds, the latter two never negative. */
function timedeltaRepr(text: string): string {
  const [, sign, days, hours, minutes, seconds] = /^(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?$/.exec(text) ?? [];
  const micros = Math.round((Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0)) * 1e6);
  let [day, rest] = sign ? [-Number(days ?? 0), -micros] : [Number(days ?? 0), micros];
  if (rest < 0) {
    day--;
    rest += 86_400e6;
  }
  const parts = [
    ["days", day],
    ["seconds", Math.floor(rest / 1e6)],
    ["microseconds", rest % 1e6],
  ].filter(([, value]) => value !== 0);
  return `datetime.timedelta(${parts.length > 0 ? parts.map(([name, value]) => `${name}=${value}`).join(", ") : "0"})`;
}

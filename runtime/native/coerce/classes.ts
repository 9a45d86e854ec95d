/** Classes a signature can name: dates, Decimal, and DSPy's own types. */
import type { ClassType } from "../../spec.ts";
import { namedClass } from "../classes/index.ts";
import { MODELS, ROOT, readModel } from "../classes/models.ts";
import { repairLoads } from "../json-repair/index.ts";
import { containerOf } from "../kind.ts";
import { repr, str } from "../python/repr.ts";
import { Instance, isFloat, isInt, type PyValue, Scalar } from "../python/value.ts";
import { strip } from "../python/whitespace.ts";
import { Broken, refuse, toStr, unknownClass } from "./atoms.ts";
import { coerceContainer } from "./containers.ts";
import type { Coerce } from "./index.ts";
import { Invalid, LAX, STRICT, type State } from "./state.ts";
import { toDate, toDatetime, toTime, toTimedelta } from "./time.ts";

export function coerceClass(type: ClassType, value: PyValue, state: State, inner: Coerce): PyValue {
  switch (type.name) {
    case "datetime.date":
      return toDate(value, state);
    case "datetime.datetime":
      return toDatetime(value, state);
    case "datetime.time":
      return toTime(value, state);
    case "datetime.timedelta":
      return toTimedelta(value, state);
    case "decimal.Decimal":
      return toDecimal(value, state);
    case "dspy.Code":
      return code(value, state);
    case "dspy.Reasoning":
      return own("dspy.Reasoning", "content", value, state);
    case "dspy.Image":
      return image(value, state);
    case "dspy.Audio":
      return audio(value, state);
    case "dspy.File":
      return file(value, state);
    case "dspy.History":
      return historyOf(value, state, inner);
    case "dspy.ToolCalls":
      return toolCalls(value, state, inner);
    case "dspy.Tool":
      return tool(value);
    default:
      if (type.name === ROOT || Object.hasOwn(MODELS, type.name)) return readModel(type.name, value, state, inner);
      if (containerOf(type.name)) return coerceContainer(type.name, [], value, state, inner);
      return (namedClass(type.name) ?? unknownClass(type.name)).read(value, state);
  }
}

/** A tool is made around a function, which no answer holds. */
function tool(value: PyValue): PyValue {
  if (value instanceof Instance && value.of === "dspy.Tool") return value;
  if (value instanceof Map && !value.has("func")) throw new Broken("a tool is made around a function");
  return refuse("a tool", value);
}

const DECIMAL = /^([-+]?)(\d*)(?:\.(\d*))?(?:[eE]([-+]?\d+))?$/;

function toDecimal(value: PyValue, state: State): PyValue {
  if (value instanceof Scalar && value.of === "Decimal") return value;
  state.floor(LAX);
  const text = typeof value === "string" ? strip(value).replaceAll("_", "") : isInt(value) || isFloat(value) ? str(value) : undefined;
  const match = text === undefined ? null : DECIMAL.exec(text);
  if (!match || (match[2] === "" && (match[3] ?? "") === "")) return refuse("a finite decimal", value);
  const [, sign, whole = "", fraction = "", exponent = "0"] = match;
  return new Scalar("Decimal", decimalText(sign === "-", whole + fraction, Number(exponent) - fraction.length));
}

/** `str(Decimal)`: digits as given, an exponent only where Python writes one. */
function decimalText(negative: boolean, allDigits: string, exponent: number): string {
  const digits = allDigits.replace(/^0+(?=\d)/, "");
  const adjusted = exponent + digits.length - 1;
  let text: string;
  if (exponent <= 0 && adjusted >= -6) {
    const point = digits.length + exponent;
    text = exponent === 0 ? digits : point > 0 ? `${digits.slice(0, point)}.${digits.slice(point)}` : `0.${"0".repeat(-point)}${digits}`;
  } else text = `${digits[0]}${digits.length > 1 ? `.${digits.slice(1)}` : ""}E${adjusted < 0 ? "-" : "+"}${Math.abs(adjusted)}`;
  return (negative ? "-" : "") + text;
}

function instanceOf(of: string, entries: readonly (readonly [string, PyValue])[]): Instance {
  return new Instance(of, new Map(entries));
}

/** DSPy's own types are models, and a model that had to be built is no exact match. */
function built(state: State): void {
  state.floor(STRICT);
  state.fieldsSet = (state.fieldsSet ?? 0) + 1;
}

/** A str-like type: text, or an object with the one field. */
function own(of: string, field: string, value: PyValue, state: State): PyValue {
  if (value instanceof Instance && value.of === of) return value;
  built(state);
  const text = typeof value === "string" ? value : value instanceof Map ? value.get(field) : undefined;
  return typeof text === "string" ? instanceOf(of, [[field, text]]) : refuse(`${of}, which is text`, value);
}

function code(value: PyValue, state: State): PyValue {
  if (value instanceof Instance && value.of === "dspy.Code") return value;
  built(state);
  const text = typeof value === "string" ? value : value instanceof Map ? value.get("code") : undefined;
  if (typeof text !== "string") return refuse("code", value);
  return instanceOf("dspy.Code", [["code", unfenced(text)]]);
}

const FENCE = "```";

/** What stands between the first pair of fences: after the opening line, or on it where no line follows. */
function unfenced(text: string): string {
  const open = text.indexOf(FENCE);
  if (open === -1) return text;
  const line = text.indexOf("\n", open + 3);
  const close = line === -1 ? -1 : text.indexOf(FENCE, line + 1);
  if (close !== -1) return strip(text.slice(line + 1, close));
  const end = text.indexOf(FENCE, open + 3);
  return end === -1 ? text : strip(text.slice(open + 3, end));
}

/** An address with a scheme and a host, or a data URI; nothing is fetched. */
function image(value: PyValue, state: State): PyValue {
  if (value instanceof Instance && value.of === "dspy.Image") return value;
  built(state);
  if (!(value instanceof Map) || [...value.keys()].some((key) => key !== "url")) return refuse("an image", value);
  const url = imageUrl(value.get("url") ?? null);
  return url === undefined ? refuse("an image's address or data URI", value) : instanceOf("dspy.Image", [["url", strip(url)]]);
}

function imageUrl(value: PyValue): string | undefined {
  if (value instanceof Map) return value.has("url") ? imageUrl(value.get("url")!) : undefined;
  if (value instanceof Instance && value.of === "dspy.Image") return String(value.values.get("url"));
  return typeof value === "string" && (value.startsWith("data:") || /^(?:https?|gs):\/\/[^/?#]+/i.test(value)) ? value : undefined;
}

function audio(value: PyValue, state: State): PyValue {
  if (value instanceof Instance && value.of === "dspy.Audio") return value;
  built(state);
  if (value instanceof Map && value.size === 2 && value.has("data") && value.has("audio_format"))
    return instanceOf("dspy.Audio", [
      ["data", toStr(value.get("data")!, state)],
      ["audio_format", toStr(value.get("audio_format")!, state)],
    ]);
  const uri = typeof value === "string" ? /^data:audio\/([^;,]+)(?:;[^,]*)?,([\s\S]*)$/.exec(value) : null;
  return uri
    ? instanceOf("dspy.Audio", [
        ["data", uri[2]!],
        ["audio_format", uri[1]!.replace(/^x-/, "")],
      ])
    : refuse("audio as a data URI", value);
}

function file(value: PyValue, state: State): PyValue {
  if (value instanceof Instance && value.of === "dspy.File") return value;
  built(state);
  const names = ["file_data", "file_id", "filename"] as const;
  if (typeof value === "string" && value.startsWith("data:"))
    return instanceOf(
      "dspy.File",
      names.map((name) => [name, name === "file_data" ? strip(value) : null] as const),
    );
  if (!(value instanceof Map) || value.size === 0 || [...value.keys()].some((key) => !names.includes(key as (typeof names)[number])))
    return refuse("a file as a data URI or a reference", value);
  return instanceOf(
    "dspy.File",
    names.map((name) => {
      const part = value.get(name) ?? null;
      return [name, part === null ? null : strip(String(toStr(part, state)))] as const;
    }),
  );
}

function historyOf(value: PyValue, state: State, inner: Coerce): PyValue {
  if (value instanceof Instance && value.of === "dspy.History") return value;
  built(state);
  const messages = value instanceof Map && value.size === 1 ? value.get("messages") : undefined;
  if (messages === undefined) return refuse("a history", value);
  return instanceOf("dspy.History", [
    ["messages", inner({ kind: "generic", of: "list", args: [{ kind: "generic", of: "dict", args: ["str", "any"] }] }, messages, state)],
  ]);
}

/** One call or several, in DSPy's own shape or a provider's. */
function toolCalls(value: PyValue, state: State, inner: Coerce): PyValue {
  if (value instanceof Instance && value.of === "dspy.ToolCalls") return value;
  built(state);
  const isCall = (item: PyValue): item is ReadonlyMap<PyValue, PyValue> & PyValue =>
    item instanceof Map && ((item.has("name") && (item.has("args") || item.has("arguments"))) || item.has("function"));
  let calls: readonly PyValue[] | undefined;
  if (Array.isArray(value) && value.every(isCall)) calls = value;
  else if (value instanceof Map && value.has("tool_calls")) {
    const list = value.get("tool_calls")!;
    if (Array.isArray(list)) calls = list;
  } else if (isCall(value)) calls = [value];
  if (!calls) return refuse("tool calls", value);
  return instanceOf("dspy.ToolCalls", [
    ["tool_calls", calls.map((call) => toolCall(call, state, inner))],
    ["tool_call_results", value instanceof Map ? (value.get("tool_call_results") ?? null) : null],
  ]);
}

function toolCall(value: PyValue, state: State, inner: Coerce): PyValue {
  if (!(value instanceof Map)) throw new Invalid(`a tool call is an object, received ${repr(value)}`);
  const wrapped = value.has("function") ? value.get("function") : undefined;
  if (wrapped !== undefined && wrapped !== null && !(wrapped instanceof Map)) throw new Invalid("a tool call's function is an object");
  const source = wrapped instanceof Map ? wrapped : value;
  const name = source.get("name") ?? value.get("name") ?? null;
  let args: PyValue = source.get("args") ?? source.get("arguments") ?? new Map();
  if (wrapped instanceof Map) args = wrapped.get("arguments") ?? new Map();
  if (typeof args === "string") args = repairLoads(args);
  else if (!(args instanceof Map)) args = new Map();
  const id = value.get("id") ?? value.get("call_id") ?? null;
  return instanceOf("dspy.ToolCalls.ToolCall", [
    ["id", id === null ? null : toStr(id, state)],
    ["name", toStr(name, state)],
    ["args", inner({ kind: "generic", of: "dict", args: ["str", "any"] }, args, state)],
  ]);
}

/**
 * `TypeAdapter(type(value)).dump_python(value, mode="json", fallback=str)`: a value in JSON's own types, which is how
 * DSPy looks at every value before it prints it (dspy-semantics 3.1).
 */
import { floatRepr } from "../python/float.ts";
import { dumps } from "../python/json.ts";
import { str } from "../python/repr.ts";
import { asInt, Bytes, Float, Instance, Member, type Opaque, PySet, type PyValue, Scalar, Secret, Tuple } from "../python/value.ts";
import { toolText } from "./tool.ts";

export const MARK_START = "<<CUSTOM-TYPE-START-IDENTIFIER>>";
export const MARK_END = "<<CUSTOM-TYPE-END-IDENTIFIER>>";

class NotText extends Error {}

/** Bytes that are no UTF-8 make the whole value its string form. */
export function serialize(value: PyValue): PyValue {
  try {
    return value instanceof Float || typeof value === "number" ? value : json(value);
  } catch (error) {
    if (error instanceof NotText) return str(value);
    throw error;
  }
}

function json(value: PyValue): PyValue {
  if (value === null || typeof value === "string" || typeof value === "boolean" || typeof value === "bigint") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (value instanceof Float) return Number.isFinite(value.value) ? value : null;
  if (Array.isArray(value)) return value.map(json);
  if (value instanceof Tuple) return value.items.map(json);
  if (value instanceof PySet) return setOrder(value.items).map(json);
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [keyText(key), json(item)]));
  if (value instanceof Member) return value.value;
  if (value instanceof Secret) return value.stars;
  if (value instanceof Scalar && value.of === "ByteSize") return asInt(BigInt(value.text));
  if (value instanceof Scalar) return value.of === "complex" ? value.text.replace(/^\((.*)\)$/, "$1") : value.text;
  if (value instanceof Bytes) return utf8(value.data);
  if (value instanceof Instance) return instance(value);
  return String((value as Opaque).value);
}

function utf8(data: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
  } catch {
    throw new NotText();
  }
}

/** A dict's keys as pydantic writes them in JSON mode. */
function keyText(key: PyValue): string {
  if (typeof key === "string") return key;
  if (key === null) return "None";
  if (typeof key === "boolean") return String(key);
  if (key instanceof Float) return floatRepr(key.value);
  if (key instanceof Tuple) return key.items.map(keyText).join(",");
  const plain = json(key);
  return typeof plain === "string" ? plain : str(plain);
}

/** DSPy's own types know how they print; a model is its fields by name. */
function instance(value: Instance): PyValue {
  const blocks = blocksOf(value);
  if (blocks) return MARK_START + dumps(blocks) + MARK_END;
  switch (value.of) {
    case "dspy.Code":
      return String(value.values.get("code"));
    case "dspy.Reasoning":
      return String(value.values.get("content"));
    case "dspy.Tool":
      return toolText(value);
    case "dspy.ToolCalls": {
      const calls = (value.values.get("tool_calls") as readonly PyValue[]).map((call) => {
        const values = call instanceof Instance ? call.values : (call as Map<string, PyValue>);
        return new Map<PyValue, PyValue>([
          ["name", values.get("name") ?? null],
          ["args", json(values.get("args") ?? new Map())],
        ]);
      });
      return new Map<PyValue, PyValue>([["tool_calls", calls]]);
    }
    case "RootModel":
      return json(value.values.get("root")!);
    default:
      return new Map<PyValue, PyValue>([...value.values].map(([name, item]) => [name, modelField(item)]));
  }
}

/** Inside a model a float field writes what it holds; only untyped containers turn NaN into null. */
const modelField = (item: PyValue): PyValue => (typeof item === "number" || item instanceof Float ? item : json(item));

/** OpenAI's content blocks of an image, a sound or a file. */
function blocksOf(value: Instance): PyValue | undefined {
  const map = (...entries: [string, PyValue][]): PyValue => new Map<PyValue, PyValue>(entries);
  const get = (name: string): PyValue => value.values.get(name) ?? null;
  if (value.of === "dspy.Image") return [map(["type", "image_url"], ["image_url", map(["url", get("url")])])];
  if (value.of === "dspy.Audio")
    return [map(["type", "input_audio"], ["input_audio", map(["data", get("data")], ["format", get("audio_format")])])];
  if (value.of === "dspy.File")
    return [
      map(
        ["type", "file"],
        [
          "file",
          map(
            ...(["file_data", "file_id", "filename"] as const).flatMap((name): [string, PyValue][] =>
              get(name) ? [[name, get(name)]] : [],
            ),
          ),
        ],
      ),
    ];
  return undefined;
}

/**
 * The order Python walks a set of small ints in: by hash slot. Other sets keep the order they were made in; a set of
 * strings has no order of its own in Python either.
 */
function setOrder(items: readonly PyValue[]): readonly PyValue[] {
  if (!items.every((item) => typeof item === "number" && Number.isInteger(item) && item >= 0)) return items;
  let size = 8;
  while (items.length * 5 > size * 3) size *= items.length > 50_000 ? 2 : 4;
  return items.every((item) => (item as number) < size) ? [...(items as number[])].sort((a, b) => a - b) : items;
}

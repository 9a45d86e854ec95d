/** A parsed value as TypeScript has it (api.md, "TypeScript forms"): what a Prediction holds. */
import { SignatureError } from "../../errors.ts";
import { History, Image } from "../../values.ts";
import { setOwn } from "../own.ts";
import { str } from "../python/repr.ts";
import { asInt, Bytes, Float, Instance, Member, type Opaque, PySet, type PyValue, Scalar, Secret, Tuple } from "../python/value.ts";

class UnsafeInt extends Error {}

const refused = (value: bigint): never => {
  throw new UnsafeInt(value.toString());
};

/** JSON data as plain objects and arrays. `big` says what becomes of an int that no number holds exactly. */
export function plain(value: PyValue, big: (value: bigint) => unknown = refused): unknown {
  const inside = (item: PyValue): unknown => plain(item, big);
  if (value === null || typeof value !== "object") return typeof value === "bigint" ? big(value) : value;
  if (value instanceof Float) return value.value;
  if (Array.isArray(value)) return value.map(inside);
  if (value instanceof Tuple) return value.items.map(inside);
  if (value instanceof PySet) return new Set(value.items.map(inside));
  if (value instanceof Map)
    return record([...value].map(([key, item]) => [typeof key === "string" ? key : str(key), inside(item)] as const));
  if (value instanceof Bytes) return value.data;
  if (value instanceof Secret) return inside(value.value);
  if (value instanceof Scalar && value.of === "ByteSize") return inside(asInt(BigInt(value.text)));
  if (value instanceof Scalar)
    return value.of === "datetime" ? new Date(/Z$|[+-]\d\d:\d\d$/.test(value.text) ? value.text : `${value.text}Z`) : value.text;
  if (value instanceof Member) return value.value;
  if (value instanceof Instance) return instance(value, inside);
  return (value as Opaque).value;
}

/** Own data properties, whatever their names: `__proto__` is a key like any other. */
function record(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const [key, value] of entries) setOwn(object, key, value);
  return object;
}

function instance(value: Instance, inside: (item: PyValue) => unknown): unknown {
  switch (value.of) {
    case "dspy.Image":
      return new Image(String(value.values.get("url")));
    case "dspy.History":
      return new History(inside(value.values.get("messages")!) as Record<string, unknown>[]);
    case "dspy.Code":
      return value.values.get("code");
    case "dspy.Reasoning":
      return value.values.get("content");
    case "RootModel":
      return inside(value.values.get("root")!);
    default:
      return record([...value.values].map(([name, item]) => [name, inside(item)] as const));
  }
}

/** Every output; an int that JavaScript cannot hold exactly is refused rather than rounded. */
export function toHost(values: Readonly<Record<string, PyValue>>, signature: string): Record<string, unknown> {
  return record(
    Object.entries(values).map(([name, value]) => {
      try {
        return [name, plain(value)] as const;
      } catch (error) {
        if (!(error instanceof UnsafeInt)) throw error;
        const message = `${name} is ${error.message.length > 40 ? `an int of ${error.message.length} digits` : error.message}, beyond what a JavaScript number holds exactly.`;
        throw new SignatureError("int_unsafe", message, {
          signature,
          field: name,
          issues: [{ path: [name], expected: "an int within ±(2^53 - 1)", received: error.message.slice(0, 60), message }],
          remedy: `Declare ${name} as str.`,
        });
      }
    }),
  );
}

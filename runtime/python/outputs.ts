/** What a worker answered, as the router takes it: values of the declared types, in the order of the prediction. */
import { PythonError } from "../errors.ts";
import { str } from "../native/python/repr.ts";
import { type PyValue, Tuple } from "../native/python/value.ts";
import { untyped } from "../native/values/untyped.ts";
import type { Signature } from "../signature.ts";
import { specOf } from "../signature.ts";
import type { TypeSpec } from "../spec.ts";
import { Float } from "../values.ts";

export interface PredictionBody {
  readonly names?: readonly string[];
  readonly values?: readonly unknown[];
  readonly completions?: { readonly names: readonly string[]; readonly rows: readonly (readonly unknown[])[] };
  /** A user's module that returned something else than a Prediction. */
  readonly value?: unknown;
}

type Values = Record<string, unknown>;

export function outputsOf(body: PredictionBody, signature: Signature): { outputs: Values; completions: Values[] } {
  const types = new Map(specOf(signature).outputs.map((field) => [field.name, field.type]));
  if (!body.names || !body.values) {
    const { value } = body;
    const outputs: Values =
      value instanceof Map || typeof value !== "object" || value === null || Array.isArray(value)
        ? { value: plain(value) }
        : (plain(value) as Values);
    return { outputs, completions: [outputs] };
  }
  const outputs = record(body.names, body.values, types);
  const completions = body.completions ? body.completions.rows.map((row) => record(body.completions!.names, row, types)) : [outputs];
  return { outputs, completions };
}

/** `__proto__` and its like are plain names: what an object has by itself is defined, not assigned. */
function record(names: readonly string[], values: readonly unknown[], types: ReadonlyMap<string, TypeSpec>): Values {
  const outputs: Values = {};
  names.forEach((name, index) => {
    const value = plain(values[index], types.get(name));
    if (name in outputs) Object.defineProperty(outputs, name, { value, enumerable: true, writable: true, configurable: true });
    else outputs[name] = value;
  });
  return outputs;
}

/** A dict whose keys are not strings is a Map on the wire and a record to users, as on the native route; a set stays a Set where declared. */
export function plain(value: unknown, type?: TypeSpec): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Float) return value.value;
  // Node's decoder makes a Buffer, which is another class than the native route's.
  if (value instanceof Uint8Array) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  if (Array.isArray(value)) return value.map((item) => plain(item, elementOf(type)));
  if (value instanceof Set) return new Set([...value].map((item) => plain(item)));
  if (value instanceof Map) {
    const object: Values = {};
    for (const [key, item] of value) {
      const name = typeof key === "string" ? key : str(keyValue(key));
      if (Object.hasOwn(object, name)) throw sameText(name);
      Object.defineProperty(object, name, { value: plain(item), enumerable: true, writable: true, configurable: true });
    }
    return object;
  }
  if (Object.getPrototypeOf(value) === Object.prototype) {
    for (const key of Object.keys(value)) {
      const item = (value as Values)[key];
      // Its own already: no setter of a prototype's can be meant.
      if (typeof item === "object" && item !== null) (value as Values)[key] = plain(item);
    }
  }
  return value;
}

/** No list can be a key in Python, so what looks like one was a tuple. */
function keyValue(key: unknown): PyValue {
  return Array.isArray(key) ? new Tuple(key.map(keyValue)) : untyped(key);
}

function sameText(name: string): PythonError {
  return new PythonError("unserialisable", `A dict from Python has two keys that are both ${JSON.stringify(name)} as text.`, {
    errorType: "Unserialisable",
    remedy: "Return a list of pairs: a record in TypeScript has text keys only.",
  });
}

function elementOf(type: TypeSpec | undefined): TypeSpec | undefined {
  return typeof type === "object" && type.kind === "generic" && type.args[0] !== "ellipsis" ? type.args[0] : undefined;
}

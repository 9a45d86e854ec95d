/**
 * A demo as DSPy's state files hold it: plain JSON that prints in a prompt as the value itself would. So a whole number
 * in a float field is written `5.0`, a date as pydantic's JSON writes it, an image or a history as its fields.
 */
import type { Demo } from "../router/engine.ts";
import type { Signature } from "../signature.ts";
import type { TypeSpec } from "../spec.ts";
import { Float, History, Image } from "../values.ts";
import { invalid } from "./state-text.ts";

export function jsonDemo(signature: Signature, demo: Demo): Demo {
  const types = new Map([...signature.inputs, ...signature.outputs].map(({ name, spec }) => [name, spec]));
  return Object.fromEntries(Object.entries(demo).map(([name, value]) => [name, json(`demos.${name}`, value, types.get(name))]));
}

function json(at: string, value: unknown, type: TypeSpec | undefined): unknown {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      if (!Number.isFinite(value)) return null; // as orjson writes NaN and the infinities
      return type === "float" && Number.isInteger(value) ? new Float(value) : value;
    case "bigint":
      return integer(value);
    case "undefined":
      return null;
    case "object":
      return value === null ? null : object(at, value, type);
    default:
      throw invalid(at, "a value JSON can hold", `a ${typeof value}`);
  }
}

/** A whole number as its digits: JSON has no end of them, a JavaScript number has. */
function integer(value: bigint): unknown {
  const { rawJSON } = JSON as { rawJSON?: (text: string) => unknown };
  return rawJSON && !Number.isSafeInteger(Number(value)) ? rawJSON(String(value)) : Number(value);
}

function object(at: string, value: object, type: TypeSpec | undefined): unknown {
  if (value instanceof Float) return value;
  if (value instanceof Date) return isoText(value);
  if (value instanceof Image || value instanceof History) return value.toJSON();
  const args = typeof type === "object" && type.kind === "generic" ? type.args.filter((arg) => arg !== "ellipsis") : [];
  if (Array.isArray(value)) return value.map((item, i) => json(`${at}[${i}]`, item, args[i] ?? args.at(-1)));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw invalid(at, "a value JSON can hold", `a ${value.constructor.name}`);
  const fields =
    typeof type === "object" && type.kind === "model" ? new Map(type.fields.map((field) => [field.name, field.type])) : undefined;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, json(`${at}.${key}`, item, fields ? fields.get(key) : args[1])]),
  );
}

/** pydantic's JSON form: no fraction where there is none, six digits where there is one. */
function isoText(date: Date): string {
  if (Number.isNaN(date.getTime())) return "NaT";
  return date.toISOString().replace(/\.(\d{3})Z$/, (_, ms: string) => (ms === "000" ? "Z" : `.${ms}000Z`));
}

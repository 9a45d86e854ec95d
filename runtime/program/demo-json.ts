/**
 * A demo as DSPy's state files hold it: plain JSON that prints in a prompt as the value itself would. So a whole number
 * in a float field is written `5.0`, a date as pydantic's JSON writes it, an image or a history as its fields.
 */
import type { Demo } from "../router/engine.ts";
import { type Signature, specOf } from "../signature.ts";
import type { TypeSpec } from "../spec.ts";
import { isPlain } from "../validate/fields.ts";
import { Float, History, Image } from "../values.ts";
import { invalid } from "./state-text.ts";

/** To JSON, a demo is a model of the signature's fields. */
export function jsonDemo(signature: Signature, demo: Demo): Demo {
  const { name, inputs, outputs } = specOf(signature);
  return json("demos", demo, { kind: "model", name, fields: [...inputs, ...outputs] }) as Demo;
}

function json(at: string, value: unknown, type: TypeSpec | undefined): unknown {
  // NaN and the infinities as orjson writes them.
  if (value == null || (typeof value === "number" && !Number.isFinite(value))) return null;
  if (type === "float" && Number.isInteger(value)) return new Float(value as number);
  if (typeof value === "bigint") return integer(value);
  if (value instanceof Float || /string|number|boolean/.test(typeof value)) return value;
  if (value instanceof Date) return isoText(value);
  if (value instanceof Image || value instanceof History) return value.toJSON();
  // The types of items and values, or of a model's fields.
  const args = typeof type === "object" && type.kind === "generic" ? type.args.filter((arg) => arg !== "ellipsis") : [];
  const fields = typeof type === "object" && type.kind === "model" ? type.fields : undefined;
  if (Array.isArray(value)) return value.map((item, i) => json(`${at}[${i}]`, item, args[i] ?? args.at(-1)));
  if (!isPlain(value)) throw invalid(at, "a value JSON can hold", `a ${typeof value === "object" ? value.constructor.name : typeof value}`);
  const typeOf = (key: string) => (fields ? fields.find(({ name }) => name === key)?.type : args[1]);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, json(`${at}.${key}`, item, typeOf(key))]));
}

/** A whole number as its digits: JSON has no end of them, a JavaScript number has. */
function integer(value: bigint): unknown {
  const { rawJSON } = JSON as { rawJSON?: (text: string) => unknown };
  return rawJSON && !Number.isSafeInteger(Number(value)) ? rawJSON(String(value)) : Number(value);
}

/** pydantic's JSON form: no fraction where there is none, six digits where there is one. */
function isoText(date: Date): string {
  if (Number.isNaN(date.getTime())) return "NaT";
  return date.toISOString().replace(/\.(\d{3})Z$/, (_, ms: string) => (ms === "000" ? "Z" : `.${ms}000Z`));
}

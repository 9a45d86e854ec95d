/** What goes into a worker: the declared type decides whether 5 is an int or a float, as it does in a prompt. */

import { DspexError, PythonError } from "../errors.ts";
import type { FieldSpec, TypeSpec } from "../spec.ts";
import { Float } from "../values.ts";
import { describeThrown } from "./thrown.ts";
import { WireError } from "./wire/codec.ts";

export function inputsFor(fields: readonly FieldSpec[], inputs: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const types = new Map(fields.map((field) => [field.name, field.type]));
  return Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, typed(value, types.get(name))]));
}

function typed(value: unknown, type: TypeSpec | undefined): unknown {
  if (typeof value === "number") return type === "float" ? new Float(value) : value;
  if (typeof type !== "object" || value === null || typeof value !== "object") return value;
  if (type.kind === "union") {
    const member = type.members.find((candidate) => candidate !== "none");
    return type.members.filter((candidate) => candidate !== "none").length === 1 ? typed(value, member) : value;
  }
  if (type.kind === "model" && !Array.isArray(value)) {
    const fields = new Map(type.fields.map((field) => [field.name, field.type]));
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, typed(item, fields.get(name))]));
  }
  if (type.kind !== "generic") return value;
  const [first, second] = type.args.filter((arg) => arg !== "ellipsis");
  if (Array.isArray(value))
    return type.of === "tuple" && second !== undefined
      ? value.map((item, at) => typed(item, type.args[at] as TypeSpec))
      : value.map((item) => typed(item, first));
  if (value instanceof Set) return new Set([...value].map((item) => typed(item, first)));
  if (Object.getPrototypeOf(value) === Object.prototype && second !== undefined)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, typed(item, second)]));
  return value;
}

/** A value that has no form in Python, as users catch it. */
export function unserialisable(error: unknown): unknown {
  if (error instanceof DspexError) return error;
  if (!(error instanceof WireError)) {
    const { type, message } = describeThrown(error);
    return new PythonError("unserialisable", `A value raised ${type} while it was read: ${message}.`, {
      cause: error,
      remedy: "Look at the getters and proxies among what is sent.",
    });
  }
  const where = error.path.map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`)).join("");
  return new PythonError("unserialisable", `${error.message}${where ? ` (at ${where.replace(/^\./, "")})` : ""}.`, {
    cause: error,
    remedy: "Send plain data: numbers, text, bytes, Dates, lists, objects, Maps and Sets.",
  });
}

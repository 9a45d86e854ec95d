/**
 * What two calls must share to share a result: the program with its demos, the model and its settings, and the inputs.
 * The text is the key in memory; a store of the user's gets its SHA-256, so that keys are short and tell nothing.
 */
import type { Definition } from "../definition.ts";
import type { LM } from "../lm/lm.ts";
import type { ModuleOptions } from "../options.ts";
import { Float } from "../values.ts";

let ids = 0;
const identities = new WeakMap<object, number>();

/** Functions and scripted models are themselves and nothing else; they have no content to compare. */
function identity(value: object): number {
  const id = identities.get(value) ?? ++ids;
  identities.set(value, id);
  return id;
}

const programs = new WeakMap<object, string>();

function programText({ program }: Definition): string {
  let text = programs.get(program);
  if (text === undefined) {
    const { kind, signature, module, predictors, tools, settings } = program;
    text = canonical([kind, signature.hash, signature.docstring, module, predictors, tools.map(identity), settings]);
    programs.set(program, text);
  }
  return text;
}

export function keyText(definition: Definition, options: ModuleOptions, lm: LM, inputs: Readonly<Record<string, unknown>>): string {
  const model = /^https?:/.test(lm.endpoint) ? `${lm.endpoint} ${lm.model}` : `#${identity(lm)}`;
  return `${programText(definition)}|${model}|${options.adapter ?? "chat"}|${canonical(lm.config)}|${canonical(options.config)}|${canonical(inputs)}`;
}

export async function keyHash(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** JSON with what JSON cannot tell apart: key order does not matter, and 5 is not "5", NaN not null, a Set not an object. */
export function canonical(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object" || value === null)
    return typeof value === "function"
      ? `#${identity(value)}`
      : `${typeof value === "bigint" ? "n" : ""}${Object.is(value, -0) ? "-0" : String(value)}`;
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (value instanceof Date) return `@${value.getTime()}`;
  if (value instanceof Float) return `f${value.value}`;
  if (value instanceof Set || value instanceof Map) return `${value.constructor.name}${canonical([...value])}`;
  if (ArrayBuffer.isView(value))
    return `b${Array.from(new Uint8Array(value.buffer, value.byteOffset, value.byteLength), (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
  const record = value as Record<string, unknown>;
  let text = "";
  for (const key of Object.keys(record).sort()) if (record[key] !== undefined) text += `${JSON.stringify(key)}:${canonical(record[key])},`;
  return `{${text}}`;
}

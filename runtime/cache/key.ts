/**
 * What two calls must share to share a result: the program with its demos, the model and its settings, and the inputs.
 * The text is the key in memory; a store of the user's gets its SHA-256, so that keys are short and tell nothing.
 */
import type { Opening } from "../call/opening.ts";
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

/** All of a key but the inputs, by the options it was made under: these are the same object while nothing changes. */
const prefixes = new WeakMap<object, { readonly definition: Definition; readonly lm: LM; readonly text: string }>();

export function keyText({ definition, options, inputs }: Opening, lm: LM): string {
  let prefix = prefixes.get(options);
  if (prefix?.definition !== definition || prefix.lm !== lm) {
    prefix = { definition, lm, text: prefixText(definition, options, lm) };
    prefixes.set(options, prefix);
  }
  return prefix.text + canonical(inputs);
}

function prefixText({ program }: Definition, { adapter = "chat", config }: ModuleOptions, lm: LM): string {
  const { kind, signature, module, predictors, tools, settings } = program;
  const model = /^https?:/.test(lm.endpoint) ? `${lm.endpoint} ${lm.model}` : identity(lm);
  return canonical([
    kind,
    signature.hash,
    signature.docstring,
    module,
    predictors,
    tools.map(identity),
    settings,
    model,
    adapter,
    lm.config,
    config,
  ]);
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

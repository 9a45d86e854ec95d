/** What two calls must share to share a result: the program with its demos, the model and its settings, and the inputs. */
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
const prefixes = new WeakMap<object, Prefix>();
interface Prefix {
  readonly definition: Definition;
  readonly lm: LM;
  readonly text: string;
  /** Stands for the text in this process: hashing a long key costs more than everything else a hit does. */
  readonly number: number;
}

/** Distinct programs at one time; beyond it the numbers begin anew, and what was cached under the old ones is forgotten. */
const PROGRAMS = 1_000;
const numbers = new Map<string, number>();
let next = 0;

function prefixOf({ definition, options }: Opening, lm: LM): Prefix {
  const found = prefixes.get(options);
  if (found?.definition === definition && found.lm === lm) return found;
  const text = prefixText(definition, options, lm);
  if (numbers.size >= PROGRAMS) numbers.clear();
  const number = numbers.get(text) ?? ++next;
  numbers.set(text, number);
  const prefix = { definition, lm, text, number };
  prefixes.set(options, prefix);
  return prefix;
}

/** The key in memory. */
export function shortKey(opening: Opening, lm: LM): string {
  return `${prefixOf(opening, lm).number} ${canonical(opening.inputs)}`;
}

/** The key in a store of the user's: the same for the same content in every process, short, and telling nothing. */
export async function hashKey(opening: Opening, lm: LM): Promise<string> {
  const text = new TextEncoder().encode(prefixOf(opening, lm).text + canonical(opening.inputs));
  const digest = await crypto.subtle.digest("SHA-256", text);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function prefixText({ program }: Definition, { adapter = "chat", config, lenient = false }: ModuleOptions, lm: LM): string {
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
    lenient,
  ]);
}

/**
 * A text that is the same exactly where the values are: key order does not matter; 5 is not "5", NaN not null, a Set not
 * an object. Strings carry their length, so that none needs escaping.
 */
export function canonical(value: unknown): string {
  switch (typeof value) {
    case "string":
      return `${value.length}"${value}`;
    case "number":
      return Object.is(value, -0) ? "-0" : `${value}`;
    case "bigint":
      return `${value}n`;
    case "function":
      return `#${identity(value)}`;
    case "object":
      return value === null ? "null" : structure(value);
    default:
      return String(value);
  }
}

function structure(value: object): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (value instanceof Date) return `@${value.getTime()}`;
  if (value instanceof Float) return `f${value.value}`;
  if (value instanceof Set || value instanceof Map) return `${value instanceof Set ? "s" : "m"}${canonical([...value])}`;
  if (ArrayBuffer.isView(value)) return `b${Array.from(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)).join()}`;
  const record = value as Record<string, unknown>;
  const keys = Object.keys(record);
  if (keys.length > 1) keys.sort();
  let text = "{";
  for (const key of keys) if (record[key] !== undefined) text += `${canonical(key)}:${canonical(record[key])},`;
  return `${text}}`;
}

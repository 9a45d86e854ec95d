/**
 * Options come from plain JavaScript too, from JSON and from the environment: every key and every value is looked at
 * where it is given, so that a misspelt `tempature` is an error with its remedy and not a silent default.
 */
import { didYouMean } from "./did-you-mean.ts";
import { milliseconds } from "./duration.ts";
import { ConfigurationError } from "./errors.ts";

interface Rule {
  readonly expected: string;
  readonly holds: (value: any) => boolean;
  /** Keys of an object value that are looked at in their turn. */
  readonly keys?: Rules;
  readonly required?: boolean;
}
type Rules = Readonly<Record<string, Rule>>;

const rule = (expected: string, holds: (value: any) => boolean, keys?: Rules): Rule =>
  keys ? { expected, holds, keys } : { expected, holds };
const isObject = (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value);
const oneOf = (...names: readonly string[]): Rule => rule(names.map((n) => `"${n}"`).join(", "), (v) => names.includes(v));
const whole = (least: number): Rule => rule(`a whole number, ${least} or more`, (v) => Number.isSafeInteger(v) && v >= least);
const number = (low: number, high: number): Rule =>
  rule(`a number from ${low} to ${high}`, (v) => typeof v === "number" && v >= low && v <= high);
const text = rule("a string", (v) => typeof v === "string" && v !== "");
const truth = rule("true or false", (v) => typeof v === "boolean");
const record = rule("an object", isObject);
const duration = rule(
  'milliseconds above 0, or a duration such as "30s"',
  (v) => (typeof v === "number" || typeof v === "string") && milliseconds(v as number) !== undefined,
);

const sampling: Rules = {
  temperature: number(0, 2),
  maxTokens: whole(1),
  topP: number(0, 1),
  n: whole(1),
  stop: rule("a list of strings", (v) => Array.isArray(v) && v.every((s) => typeof s === "string")),
  seed: rule("a whole number", Number.isSafeInteger),
  rolloutId: whole(0),
  extra: record,
};

const lmSettings: Rules = {
  model: text,
  baseURL: rule("an http or https address", (v) => typeof v === "string" && /^https?:\/\//.test(v) && URL.canParse(v)),
  apiKey: rule("a string", (v) => typeof v === "string"),
  headers: rule("an object of strings", (v) => isObject(v) && Object.values(v).every((s) => typeof s === "string")),
  retries: whole(0),
  concurrency: whole(1),
  ratePerMinute: whole(1),
  dedupe: truth,
  supports: record,
  price: rule(
    "{ input, output }, each per million tokens",
    (v) => isObject(v) && [v.input, v.output].every((p) => typeof p === "number" && p >= 0),
  ),
  breaker: rule("{ failures, cooldown }", isObject, {
    failures: { ...whole(1), required: true },
    cooldown: { ...duration, required: true },
  }),
  onRequest: rule("a function", (v) => typeof v === "function"),
  onResponse: rule("a function", (v) => typeof v === "function"),
  ...sampling,
};

/** A settings object is told from a model object by having neither of the models' methods. */
const isModel = (value: any): boolean =>
  typeof value === "function" || typeof value.complete === "function" || typeof value.doGenerate === "function";
const lm: Rule = {
  expected: '"provider/model", { model, ... }, an AI SDK model, a function, local() or scripted([...])',
  holds: (v) =>
    typeof v === "string"
      ? /^[^\s/]+\/\S+$/.test(v)
      : (isObject(v) && (isModel(v) || typeof v.model === "string")) || typeof v === "function",
  keys: lmSettings,
};

const moduleRules: Rules = {
  lm,
  adapter: oneOf("chat", "json", "xml"),
  config: rule("an object of sampling settings", isObject, sampling),
  route: rule(
    '"native", "python", "hybrid", "verify" or a strategy { name, decide }',
    (v) => ["native", "python", "hybrid", "verify"].includes(v) || (isObject(v) && typeof v.decide === "function"),
  ),
  pool: text,
  timeout: duration,
  retries: whole(0),
  fallback: rule("{ lm, route }", isObject, {
    lm: rule("a list of models", (v) => Array.isArray(v) && v.every((each) => each != null && lm.holds(each))),
    route: truth,
  }),
  cache: rule("false or { ttl, store }", (v) => v === false || isObject(v), {
    ttl: duration,
    store: rule("a store with get and set", (v) => isObject(v) && typeof v.get === "function" && typeof v.set === "function"),
  }),
  repair: whole(0),
  idempotent: truth,
  trace: truth,
};
const callRules: Rules = { ...moduleRules, signal: rule("an AbortSignal", (v) => isObject(v) && typeof v.addEventListener === "function") };
const rules: Readonly<Record<"configure" | "module" | "call" | "batch", Rules>> = {
  configure: { ...moduleRules, pools: record },
  module: moduleRules,
  call: callRules,
  batch: { ...callRules, concurrency: whole(1) },
};

/** Throws at the first unknown key or wrong value; `own` are keys that this kind of module adds. */
export function checkOptions(options: unknown, where: keyof typeof rules, own?: Rules): void {
  check(options, own ? { ...rules[where], ...own } : rules[where], "");
}

/** The rules a module kind may add for settings of its own. */
export const settingRules: {
  readonly whole: (least: number) => Rule;
  readonly number: (low: number, high: number) => Rule;
  readonly required: (rule: Rule) => Rule;
  readonly function: Rule;
} = { whole, number, required: (each) => ({ ...each, required: true }), function: rule("a function", (v) => typeof v === "function") };
export type OptionRules = Rules;

function check(options: unknown, known: Rules, path: string): void {
  if (!isObject(options)) throw invalid(path || "options", "an object", options);
  for (const [key, value] of Object.entries(options as object)) {
    const at = path ? `${path}.${key}` : key;
    const found = Object.hasOwn(known, key) ? known[key]! : undefined;
    if (!found) throw unknown(at, key, Object.keys(known));
    if (value === undefined) continue;
    if (value === null || !found.holds(value)) throw invalid(at, found.expected, value);
    if (found.keys && isObject(value) && !isModel(value)) check(value, found.keys, at);
  }
  for (const [key, { required, expected }] of Object.entries(known))
    if (required && (options as Record<string, unknown>)[key] === undefined)
      throw invalid(path ? `${path}.${key}` : key, expected, undefined);
}

function unknown(at: string, key: string, known: readonly string[]): ConfigurationError {
  const meant = didYouMean(key, known);
  return new ConfigurationError("config_unknown_key", `\`${at}\` is not an option.`, {
    configKey: at,
    expected: known.join(", "),
    actual: key,
    remedy: meant ? `Did you mean \`${meant}\`?` : `Known here: ${known.join(", ")}.`,
  });
}

function invalid(at: string, expected: string, value: unknown): ConfigurationError {
  const actual = shown(at, value);
  return new ConfigurationError("config_invalid", `\`${at}\` is ${actual}.`, {
    configKey: at,
    expected,
    actual,
    remedy: `Give ${expected}.`,
  });
}

/** Short, and never a secret: keys and headers are described, not shown. */
function shown(at: string, value: unknown): string {
  if (value === undefined) return "missing";
  if (value === null || typeof value === "number" || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string" && !/(apiKey|headers)\b/.test(at))
    return value.length > 80 ? `a string of ${value.length} characters` : JSON.stringify(value);
  return `${typeof value === "object" ? "an" : "a"} ${typeof value}`;
}

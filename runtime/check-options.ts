/**
 * Options come from plain JavaScript too, from JSON and from the environment: every key and every value is looked at
 * where it is given, so that a misspelt `tempature` is an error with its remedy and not a silent default.
 */
import { didYouMean } from "./did-you-mean.ts";
import { milliseconds } from "./duration.ts";
import { ConfigurationError } from "./errors.ts";
import { strategies } from "./router/strategies.ts";
import {
  type Complaints,
  checkShape,
  isObject,
  isString,
  kindOf,
  list,
  object,
  type Rule,
  type Rules,
  record,
  required,
  rule,
  text,
} from "./shape.ts";

const isFunction = (value: unknown): boolean => typeof value === "function";
/** Rules that others give for keys of their own. */
export const whole = (least: number): Rule => rule(`a whole number, ${least} or more`, (v) => Number.isSafeInteger(v) && v >= least);
export const number = (low: number, high: number): Rule =>
  rule(`a number from ${low} to ${high}`, (v) => typeof v === "number" && v >= low && v <= high);
const truth = rule("true or false", (v) => typeof v === "boolean");
export const callable: Rule = rule("a function", isFunction);
const duration = rule(
  'milliseconds above 0, or a duration such as "30s"',
  (v) => (typeof v === "number" || isString(v)) && milliseconds(v as number) !== undefined,
);

const sampling: Rules = {
  temperature: number(0, 2),
  maxTokens: whole(1),
  topP: number(0, 1),
  n: whole(1),
  stop: list(text),
  seed: rule("a whole number", Number.isSafeInteger),
  rolloutId: whole(0),
  extra: record,
};

const lmSettings: Rules = {
  model: text,
  baseURL: rule("an http or https address", (v) => isString(v) && /^https?:/.test(v) && URL.canParse(v)),
  apiKey: text,
  headers: rule("an object of strings", (v) => isObject(v) && Object.values(v).every(isString)),
  retries: whole(0),
  concurrency: whole(1),
  ratePerMinute: whole(1),
  dedupe: truth,
  supports: record,
  price: object("{ input, output }, each per million tokens", { input: required(number(0, 1e9)), output: required(number(0, 1e9)) }),
  breaker: object("{ failures, cooldown }", { failures: required(whole(1)), cooldown: required(duration) }),
  onRequest: callable,
  onResponse: callable,
  ...sampling,
};

/** A model object has one of the models' methods; settings have neither. */
const isModel = (value: any): boolean => isFunction(value.complete) || isFunction(value.doGenerate);
const lm: Rule = rule(
  '"provider/model", { model, ... }, an AI SDK model, a function, local() or scripted([...])',
  (v) => (isString(v) ? /^[^\s/]+\/\S+$/.test(v) : isObject(v) ? isModel(v) || isString(v.model) : isFunction(v)),
  { keys: lmSettings, opaque: isModel },
);

const moduleRules: Rules = {
  lm,
  adapter: rule('"chat", "json", "xml"', (v) => ["chat", "json", "xml"].includes(v)),
  config: object("an object of sampling settings", sampling),
  route: rule('"native", "python", "hybrid", "verify" or a strategy { name, decide }', (v) =>
    isObject(v) ? isFunction(v.decide) : isString(v) && Object.hasOwn(strategies, v),
  ),
  pool: text,
  timeout: duration,
  retries: whole(0),
  fallback: object("{ lm, route }", { lm: list(lm), route: truth }),
  cache: rule("false or { ttl, store }", (v) => v === false || isObject(v), {
    keys: { ttl: duration, store: rule("a store with get and set", (v) => isFunction(v?.get) && isFunction(v.set)) },
  }),
  repair: whole(0),
  idempotent: truth,
  trace: truth,
  lenient: truth,
};

/** Throws at the first unknown key or wrong value; `own` are the keys that only this place or this kind of module has. */
export function checkOptions(options: unknown, own?: Rules): void {
  checkShape(options, object("an object", { ...moduleRules, ...own }), "", complaints);
}

const complaints: Complaints = {
  unknown(configKey, actual, known) {
    const meant = didYouMean(actual, known);
    return new ConfigurationError("config_unknown_key", `\`${configKey}\` is not an option.`, {
      configKey,
      expected: known.join(", "),
      actual,
      remedy: meant ? `Did you mean \`${meant}\`?` : `Known here: ${known.join(", ")}.`,
    });
  },
  wrong(at, expected, value) {
    const configKey = at || "options";
    // Keys and headers are described, not shown.
    const shown = typeof value === "number" || (isString(value) && value.length < 80 && !/apiKey|headers/.test(at));
    const actual = shown ? JSON.stringify(value) : kindOf(value);
    return new ConfigurationError("config_invalid", `\`${configKey}\` is ${actual}.`, {
      configKey,
      expected,
      actual,
      remedy: `Give ${expected}.`,
    });
  },
};

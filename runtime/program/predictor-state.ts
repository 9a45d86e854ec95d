/**
 * One predictor's entry of a state file. DSPy assigns whatever key it finds (an entry `"forward": "boom"` breaks the
 * program there, dspy-semantics 7.2); here the keys DSPy writes are read and any other is refused.
 */
import type { LMConfig } from "../lm/lm.ts";
import type { DumpedPredictor } from "../module-types.ts";
import { cleandoc } from "../native/python/doc.ts";
import type { Demo, PredictorState } from "../router/engine.ts";
import { checkShape, isObject, isString, kindOf, list, type Rule, record, rule } from "../shape.ts";
import { Float } from "../values.ts";
import type { PredictorLayout } from "./layout.ts";
import { invalid } from "./state-text.ts";

const text: Rule = { ...rule("a string", isString), required: true };
const entryRule: Rule = {
  ...record,
  keys: {
    traces: list(),
    train: list(),
    demos: list(record),
    signature: {
      ...record,
      required: true,
      keys: { instructions: text, fields: { ...list({ ...record, keys: { prefix: text, description: text } }), required: true } },
    },
    lm: rule("an object or null", (value) => value === null || isObject(value)),
  },
};
const complaints = {
  unknown: (at: string, key: string, known: readonly string[]): Error =>
    invalid(at.slice(0, -key.length - 1), `made of ${known.join(", ")}`, `one with the unknown key "${key}"`),
  wrong: (at: string, expected: string, value: unknown): Error => invalid(at, expected, kindOf(value)),
};

/** `expected` are the layout's fields, where it is known: they say how many positions there must be. */
export function readPredictor(at: string, entry: unknown, expected: PredictorLayout["fields"] | undefined): PredictorState {
  checkShape(entry, entryRule, at, complaints);
  const { signature, demos = [], lm = null } = entry as DumpedPredictor;
  const { instructions, fields } = signature;
  // DSPy pairs positions up to the shorter list without a word, and gives one field's description to another.
  if (expected && fields.length !== expected.length)
    throw invalid(
      `${at}.signature.fields`,
      `a list of ${expected.length} (${expected.map(({ name }) => name).join(", ")})`,
      `a list of ${fields.length}`,
    );
  const config = samplingOf(lm);
  return Object.freeze({
    instructions,
    fields: Object.freeze(fields.map((field) => ({ ...field }))),
    demos: demosOf(demos, expected),
    ...(config && { config }),
    ...(lm && { lm }),
  });
}

function demosOf(demos: readonly Demo[], fields: PredictorLayout["fields"] = []): readonly Demo[] {
  const floats = new Set(fields.filter(({ type }) => JSON.stringify(type).includes('"float"')).map(({ name }) => name));
  const entry = ([name, value]: [string, unknown]) => [name, floats.has(name) ? intsKept(value) : value] as const;
  return Object.freeze(demos.map((demo) => Object.freeze(Object.fromEntries(Object.entries(demo).map(entry)))));
}

/** Where a float is declared, 1 would print as 1.0; DSPy prints what the file says. */
function intsKept(value: unknown): unknown {
  if (typeof value === "number" && Number.isInteger(value)) return BigInt(value);
  if (Array.isArray(value)) return value.map(intsKept);
  return isObject(value) && !(value instanceof Float)
    ? Object.fromEntries(Object.entries(value as object).map(([key, item]) => [key, intsKept(item)]))
    : value;
}

const sampled = { temperature: "temperature", max_tokens: "maxTokens", top_p: "topP", n: "n", seed: "seed" };

/**
 * A saved LM is not connected to: its address and keys are not in the file, and a file is no place to take an endpoint
 * from. How it sampled is part of the program, and is kept.
 */
function samplingOf(lm: DumpedPredictor["lm"]): LMConfig | undefined {
  const config: Record<string, number> = {};
  for (const [theirs, ours] of Object.entries(sampled)) {
    // A Float, which state-text.ts makes of `1.0`, is its number here.
    const value = lm?.[theirs]?.valueOf();
    if (typeof value === "number") config[ours] = value;
  }
  return Object.keys(config).length ? Object.freeze(config) : undefined;
}

/** What DSPy's `load_state` reads back: the instructions as a read gives them (cleandoc once), the fields by position. */
export function writePredictor(layout: PredictorLayout, state: PredictorState | undefined, demos: readonly Demo[]): DumpedPredictor {
  return {
    traces: [],
    train: [],
    demos,
    signature: {
      instructions: state?.instructions === undefined ? layout.instructions : cleandoc(state.instructions),
      fields: (state?.fields ?? layout.fields).map(({ prefix, description }) => ({ prefix, description })),
    },
    lm: state?.lm ?? null,
  };
}

/**
 * One predictor's entry of a state file. DSPy assigns whatever key it finds (an entry `"forward": "boom"` breaks the
 * program there, dspy-semantics 7.2); here the keys DSPy writes are read and any other is refused.
 */
import type { DumpedPredictor } from "../module-types.ts";
import { cleandoc } from "../native/python/doc.ts";
import type { Demo, PredictorState } from "../router/engine.ts";
import { checkShape, isObject, kindOf, list, object, record, required, rule, text } from "../shape.ts";
import type { PredictorLayout } from "./layout.ts";
import { invalid, isRecord } from "./state-text.ts";

const fieldRule = object("an object", { prefix: required(text), description: required(text) });
const entryRule = object("an object", {
  traces: list(),
  train: list(),
  demos: list(record),
  signature: required(object("an object", { instructions: required(text), fields: required(list(fieldRule)) })),
  lm: rule("an object or null", (value) => value === null || isObject(value)),
});
const complaints = {
  unknown: (at: string, key: string, known: readonly string[]): Error =>
    invalid(at.slice(0, -key.length - 1), `made of ${known.join(", ")}`, `one with the unknown key "${key}"`),
  wrong: (at: string, expected: string, value: unknown): Error => invalid(at, expected, kindOf(value)),
};

/** `expected` are the layout's fields, where it is known: they say how many positions there must be. */
export function readPredictor(at: string, entry: unknown, expected: PredictorLayout["fields"]): PredictorState {
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
  return {
    // Nothing in a file is no instructions, whereas `withInstructions("")` asks for DSPy's default: a blank cleans to nothing.
    instructions: instructions || " ",
    fields: fields.map((field) => ({ ...field })),
    demos: demosOf(demos, expected),
    ...(lm && { lm }),
  };
}

function demosOf(demos: readonly Demo[], fields: PredictorLayout["fields"] = []): readonly Demo[] {
  const floats = new Set(fields.filter(({ spec }) => JSON.stringify(spec).includes('"float"')).map(({ name }) => name));
  const entry = ([name, value]: [string, unknown]) => [name, asRead(value, floats.has(name))] as const;
  return demos.map((demo) => Object.fromEntries(Object.entries(demo).map(entry)));
}

/**
 * DSPy prints what the file says: a dict, which an object without a prototype stands for, also where a model is declared,
 * and 1 where a float is, which would print as 1.0.
 */
function asRead(value: unknown, ints: boolean): unknown {
  if (ints && Number.isInteger(value)) return BigInt(value as number);
  if (Array.isArray(value)) return value.map((item) => asRead(item, ints));
  if (!isRecord(value)) return value;
  return Object.assign(Object.create(null), Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asRead(item, ints)])));
}

/** What DSPy's `load_state` reads back: the instructions as a read gives them (cleandoc once), the fields by position. */
export function writePredictor(layout: PredictorLayout, state: PredictorState | undefined, demos: readonly Demo[]): DumpedPredictor {
  return {
    traces: [],
    train: [],
    demos,
    signature: {
      instructions: state?.instructions === undefined ? layout.instructions : cleandoc(state.instructions),
      fields: (state?.fields ?? layout.fields!).map(({ prefix, description }) => ({ prefix, description })),
    },
    lm: state?.lm ?? null,
  };
}

/**
 * One predictor's entry of a state file. DSPy assigns whatever key it finds (an entry `"forward": "boom"` breaks the
 * program there, dspy-semantics 7.2); here the keys DSPy writes are read and any other is refused.
 */
import type { LMConfig } from "../lm/lm.ts";
import type { DumpedPredictor } from "../module-types.ts";
import { cleandoc } from "../native/python/doc.ts";
import type { Demo, PredictorState } from "../router/engine.ts";
import { Float } from "../values.ts";
import type { PredictorLayout } from "./layout.ts";
import { invalid, isRecord } from "./state-text.ts";

const KEYS = ["traces", "train", "demos", "signature", "lm"];

/** `fields` of the layout, where it is known, say how many positions there must be. */
export function readPredictor(at: string, entry: unknown, fields: PredictorLayout["fields"] | undefined): PredictorState {
  if (!isRecord(entry)) throw invalid(at, "an object", kindOf(entry));
  for (const key of Object.keys(entry))
    if (!KEYS.includes(key)) throw invalid(at, `made of ${KEYS.join(", ")}`, `one with the unknown key "${key}"`);
  const config = samplingOf(at, entry.lm);
  return Object.freeze({
    ...readSignature(`${at}.signature`, entry.signature, fields),
    demos: readDemos(`${at}.demos`, entry.demos ?? []),
    ...(config && { config }),
    ...(isRecord(entry.lm) && { lm: entry.lm }),
  });
}

function readSignature(
  at: string,
  signature: unknown,
  expected: PredictorLayout["fields"] | undefined,
): Pick<PredictorState, "instructions" | "fields"> {
  if (!isRecord(signature)) throw invalid(at, "an object with instructions and fields", kindOf(signature));
  for (const key of Object.keys(signature))
    if (key !== "instructions" && key !== "fields")
      throw invalid(at, "made of instructions and fields", `one with the unknown key "${key}"`);
  const { instructions, fields } = signature;
  if (typeof instructions !== "string") throw invalid(`${at}.instructions`, "a string", kindOf(instructions));
  if (!Array.isArray(fields)) throw invalid(`${at}.fields`, "a list", kindOf(fields));
  // DSPy pairs positions up to the shorter list without a word, and gives one field's description to another.
  if (expected && fields.length !== expected.length)
    throw invalid(
      `${at}.fields`,
      `a list of ${expected.length} (${expected.map(({ name }) => name).join(", ")})`,
      `a list of ${fields.length}`,
    );
  return { instructions, fields: Object.freeze(fields.map((field, i) => readField(`${at}.fields[${i}]`, field))) };
}

function readField(at: string, field: unknown): { prefix: string; description: string } {
  if (!isRecord(field)) throw invalid(at, "an object with prefix and description", kindOf(field));
  for (const key of Object.keys(field))
    if (key !== "prefix" && key !== "description") throw invalid(at, "made of prefix and description", `one with the unknown key "${key}"`);
  const { prefix, description } = field;
  if (typeof prefix !== "string" || typeof description !== "string")
    throw invalid(at, "a prefix and a description, both strings", JSON.stringify(field));
  return { prefix, description };
}

function readDemos(at: string, demos: unknown): readonly Demo[] {
  if (!Array.isArray(demos)) throw invalid(at, "a list of examples", kindOf(demos));
  demos.forEach((demo, i) => {
    if (!isRecord(demo)) throw invalid(`${at}[${i}]`, "an object of fields", kindOf(demo));
  });
  return Object.freeze(demos.map((demo) => Object.freeze({ ...(demo as Demo) })));
}

/**
 * A saved LM is not connected to: its address and keys are not in the file, and a file is no place to take an endpoint
 * from. How it sampled is part of the program, and is kept.
 */
function samplingOf(at: string, lm: unknown): LMConfig | undefined {
  if (lm === null || lm === undefined) return undefined;
  if (!isRecord(lm)) throw invalid(`${at}.lm`, "an object or null", kindOf(lm));
  const number = (key: string): number | undefined => {
    const value = lm[key] instanceof Float ? (lm[key] as Float).value : lm[key];
    return typeof value === "number" ? value : undefined;
  };
  const entries = Object.entries({
    temperature: number("temperature"),
    maxTokens: number("max_tokens"),
    topP: number("top_p"),
    n: number("n"),
    seed: number("seed"),
  });
  const given = entries.filter(([, value]) => value !== undefined);
  return given.length > 0 ? Object.freeze(Object.fromEntries(given)) : undefined;
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

function kindOf(value: unknown): string {
  return value === undefined ? "missing" : value === null ? "null" : Array.isArray(value) ? "a list" : typeof value;
}

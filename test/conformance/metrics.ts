/** A metric row: the same value to the last bit, or a failure on both sides. */
import * as metrics from "../../runtime/metrics/index.ts";
import { type Json, plainJson } from "./json.ts";

type Metric = (...args: never[]) => unknown;

/** Ours takes a list of answers in its place, DSPy's `em_score` and its kin do not. */
const one = (answer: unknown): string => {
  if (typeof answer !== "string") throw new TypeError("one answer is a string");
  return answer;
};

/** DSPy's names; `em_score`, `f1_score` and their kin compare with one answer. */
const functions: Readonly<Record<string, Metric>> = {
  normalize_text: metrics.normalizeText,
  EM: metrics.EM,
  F1: metrics.F1,
  HotPotF1: metrics.HotPotF1,
  em_score: (prediction: string, answer: string) => metrics.exactMatch(prediction, one(answer)),
  f1_score: (prediction: string, answer: string) => metrics.f1Score(prediction, one(answer)),
  hotpot_f1_score: metrics.hotPotF1Score,
  precision_score: metrics.precisionScore,
  answer_exact_match: metrics.answerExactMatch,
  answer_passage_match: metrics.answerPassageMatch,
};

interface Paired {
  readonly example: unknown;
  readonly pred: unknown;
  readonly frac?: number;
}

/** Undefined when the row holds, else what differs. */
export function metricRow(row: Record<string, Json>): string | undefined {
  const {
    function: name,
    args,
    ok,
    value,
  } = Object.fromEntries(Object.entries(row).map(([key, item]) => [key, plainJson(item)])) as {
    function: string;
    args: readonly unknown[] | Paired;
    ok: boolean;
    value: unknown;
  };
  const metric = functions[name];
  if (!metric) return `no metric is called ${name}`;
  const list = "example" in args ? [args.example, args.pred, undefined, args.frac] : args;
  let result: unknown;
  try {
    result = metric(...(list as never[]));
  } catch (error) {
    return ok ? `failed: ${String(error)}` : undefined;
  }
  if (!ok) return `expected a failure, received ${JSON.stringify(result)}`;
  return Object.is(result, value) ? undefined : `expected ${JSON.stringify(value)}, received ${JSON.stringify(result)}`;
}

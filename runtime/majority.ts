/** `dspy.majority`: the answer most completions agree on, with the first completion that gives it. */
import { meta } from "./meta.ts";
import { normalizeText } from "./metrics/normalize-text.ts";

type Outputs = Readonly<Record<string, unknown>>;

export interface MajorityOptions {
  /** The output that is counted; the last one unless said. */
  readonly field?: string;
  /** What makes two answers one; undefined leaves an answer out. DSPy's text normalisation unless said. */
  readonly normalize?: (value: unknown) => string | undefined;
}

/** An answer of nothing but articles and punctuation counts for none. */
const normalized = (value: unknown): string | undefined => normalizeText(String(value)) || undefined;

/** Takes a prediction asked for with `n`, or a list of outputs. Of equally frequent answers the earliest wins. */
export function majority<O extends Outputs>(answers: O | readonly O[], { field, normalize = normalized }: MajorityOptions = {}): O {
  const all: readonly O[] = Array.isArray(answers)
    ? answers
    : ((meta(answers as object).completions as readonly O[] | undefined) ?? [answers as O]);
  if (all.length === 0) throw new TypeError("majority() needs at least one completion.");
  const name = field ?? Object.keys(all[0]!).at(-1);
  const values = all.map((outputs) => (name === undefined ? undefined : normalize(outputs[name])));
  const counts = new Map<string | undefined, number>();
  // Where every answer counts for none, DSPy counts them all the same.
  const counted = values.some((value) => value !== undefined) ? values.filter((value) => value !== undefined) : values;
  for (const value of counted) counts.set(value, (counts.get(value) ?? 0) + 1);
  const most = Math.max(...counts.values());
  const winner = [...counts].find(([, count]) => count === most)![0];
  return all[values.indexOf(winner)]!;
}

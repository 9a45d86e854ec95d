/** DSPy's metrics over an example and a prediction, by the fields `answer` and `context`; made for `evaluate` and `optimize`. */
import { pattern } from "../pattern.ts";
import { best, listOf } from "./answers.ts";
import { EM } from "./exact-match.ts";
import { normalizeText } from "./normalize-text.ts";
import { F1 } from "./token-overlap.ts";

interface Answered {
  readonly answer: string | readonly string[];
}

/** Exact from `frac` 1 on (the default), else whether F1 reaches it. `trace` stands where DSPy's optimizers pass it. */
export function answerExactMatch(example: Answered, pred: { readonly answer: string }, _trace?: unknown, frac = 1): boolean {
  const answers = answersOf(example);
  return frac >= 1 ? EM(pred.answer, answers) : F1(pred.answer, answers) >= frac;
}

/** Whether a passage in `context` holds one of the answers, word for word. */
export function answerPassageMatch(example: Answered, pred: { readonly context: readonly string[] }): boolean {
  const answers = answersOf(example);
  return pred.context.some((passage) => {
    const words = wordsOf(normalizeText(passage));
    return answers.length > 0 && best(answers, (answer) => includesRun(words, wordsOf(normalizeText(answer))));
  });
}

function answersOf({ answer }: Answered): readonly string[] {
  if (typeof answer !== "string" && !Array.isArray(answer))
    throw new TypeError(
      `An example's answer must be a string or a list of strings; this is ${answer === null ? "null" : `a ${typeof answer}`}.`,
    );
  return listOf(answer);
}

/** DPR's tokenizer, which DSPy uses here: runs of letters, numbers and marks, or any other visible character. */
const WORD = /* @__PURE__ */ pattern(String.raw`[\p{L}\p{N}\p{M}]+|[^\p{Z}\p{C}]`, "gu");

function wordsOf(text: string): readonly string[] {
  return (text.normalize("NFD").match(WORD()) ?? []).map((word) => word.toLowerCase());
}

function includesRun(words: readonly string[], run: readonly string[]): boolean {
  for (let start = 0; start + run.length <= words.length; start++) if (run.every((word, i) => words[start + i] === word)) return true;
  return false;
}

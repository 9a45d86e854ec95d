import { best, listOf } from "./answers.ts";
import { normalizeText } from "./normalize-text.ts";

/** Whether the prediction is the answer, or one of the answers, after `normalizeText`. */
export function exactMatch(prediction: string, answer: string | readonly string[]): boolean {
  return EM(prediction, listOf(answer));
}

/** DSPy's `EM`: as `exactMatch`, with a list. */
export function EM(prediction: string, answers: readonly string[]): boolean {
  return best(answers, (answer) => normalizeText(prediction) === normalizeText(answer));
}

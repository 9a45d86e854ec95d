/** Scores by shared words (multisets), from 0 to 1. Two empty texts share nothing: 0, as in DSPy. */
import { best, listOf } from "./answers.ts";
import { tokensOf } from "./normalize-text.ts";

/** The F1 of words against the answer, or the best of several. */
export function f1Score(prediction: string, answer: string | readonly string[]): number {
  return F1(prediction, listOf(answer));
}

/** DSPy's `F1`: as `f1Score`, with a list. */
export function F1(prediction: string, answers: readonly string[]): number {
  return best(answers, (answer) => f1(tokensOf(prediction), tokensOf(answer)));
}

/** The share of the prediction's words that the answer has. */
export function precisionScore(prediction: string, answer: string): number {
  const [predicted, expected] = [tokensOf(prediction), tokensOf(answer)];
  const same = shared(predicted, expected);
  return same === 0 ? 0 : same / predicted.length;
}

const VERDICTS = ["yes", "no", "noanswer"];

/** DSPy's `HotPotF1`: as `F1`, but a yes, no or noanswer on either side must be met exactly. */
export function HotPotF1(prediction: string, answers: readonly string[]): number {
  return best(answers, (answer) => hotPotF1Score(prediction, answer));
}

export function hotPotF1Score(prediction: string, answer: string): number {
  const [predicted, expected] = [tokensOf(prediction), tokensOf(answer)];
  const [said, truth] = [predicted.join(" "), expected.join(" ")];
  if (said !== truth && (VERDICTS.includes(said) || VERDICTS.includes(truth))) return 0;
  return f1(predicted, expected);
}

/** In DSPy's order of operations: the last bit of the result is part of the contract (0.33333333333333337). */
function f1(predicted: readonly string[], expected: readonly string[]): number {
  const same = shared(predicted, expected);
  if (same === 0) return 0;
  const precision = same / predicted.length;
  const recall = same / expected.length;
  return (2 * precision * recall) / (precision + recall);
}

function shared(a: readonly string[], b: readonly string[]): number {
  const left = new Map<string, number>();
  for (const word of b) left.set(word, (left.get(word) ?? 0) + 1);
  let same = 0;
  for (const word of a) {
    const count = left.get(word) ?? 0;
    if (count === 0) continue;
    left.set(word, count - 1);
    same++;
  }
  return same;
}

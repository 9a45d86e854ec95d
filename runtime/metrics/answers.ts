/** Reference answers: one string or several; a metric's score is the best over them. */

/** DSPy's EM, F1 and HotPotF1 take a list and nothing else; an empty one has no best score. */
export function best<T extends number | boolean>(answers: readonly string[], score: (answer: string) => T): T {
  if (!Array.isArray(answers))
    throw new TypeError(`The reference answers must be a list; this is ${answers === null ? "null" : `a ${typeof answers}`}.`);
  if (answers.length === 0) throw new RangeError("The list of reference answers is empty: there is nothing to compare with.");
  const scores = answers.map(score);
  return scores.reduce((a, b) => (Number(b) > Number(a) ? b : a));
}

export function listOf(answer: string | readonly string[]): readonly string[] {
  return typeof answer === "string" ? [answer] : answer;
}

/** One ChainOfThought in three hands: ours, DSPy's and Ax's, with the same fields, inputs and answer. */
import type { LM } from "../../../../runtime/lm/lm.ts";
import { chainOfThoughtLayout, signatureLayout } from "../../../../runtime/native/derive.ts";
import type { Layout } from "../../../../runtime/native/layout.ts";
import { Answering } from "../lm/signature.ts";

export { Answering };
export const layout: Layout = chainOfThoughtLayout(signatureLayout(Answering));
export const inputs = { question: "What is the capital of France?", context: "France is a country in Europe. Its capital is Paris." };
export const completion =
  "[[ ## reasoning ## ]]\nThe context names the capital.\nSo the answer is clear.\n\n[[ ## answer ## ]]\nParis\n\n[[ ## confidence ## ]]\n0.9\n\n[[ ## completed ## ]]";

/** Answers at once, always the same. */
export const lm: LM = {
  model: "scripted",
  endpoint: "scripted",
  supports: {},
  config: {},
  complete: async () => ({ choices: [{ text: completion }] }),
};

/** About `size` characters of prose in an answer, cut into `count` chunks. */
export function longAnswer(size: number, count: number, head: string, tail: string): readonly string[] {
  const words = "the model explains at length, line by line, what it has found and why".split(" ");
  const body: string[] = [];
  let length = 0;
  for (let i = 0; length < size; i++) {
    const word = `${words[i % words.length]}${i % 14 === 13 ? "\n" : " "}`;
    body.push(word);
    length += word.length;
  }
  const text = head + body.join("") + tail;
  return Array.from({ length: count }, (_, i) =>
    text.slice(Math.floor((i * text.length) / count), Math.floor(((i + 1) * text.length) / count)),
  );
}

/** The Predict of the rows: its signature, its model's completion, its inputs; `predicts.py` has the same. */
import { compileText } from "../../../../compiler/compile.ts";
import { defineSlotted, interpretedCode } from "../../../../runtime/abi.ts";
import type { Signature } from "../../../../runtime/signature.ts";

export const COMPLETION = "[[ ## answer ## ]]\nParis\n\n[[ ## completed ## ]]";
export const INPUTS: { question: string } = { question: "What is the capital of France?" };

export function questionAnswer(): Signature<{ question: string }, { answer: string }> {
  const { value, diagnostics } = compileText("question -> answer", "QA");
  if (!value) throw new Error(diagnostics.map(({ message }) => message).join("; "));
  return defineSlotted([], value.spec, interpretedCode(value.spec));
}

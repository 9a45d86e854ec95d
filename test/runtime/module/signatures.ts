/** Signatures for tests, made from their description without the compiler. */
import { defineSignature, type Signature } from "../../../runtime/signature.ts";
import type { FieldSpec } from "../../../runtime/spec.ts";
import { interpret } from "../../../runtime/validate/interpret.ts";

export function signatureOf<I = any, O = any>(name: string, inputs: readonly FieldSpec[], outputs: readonly FieldSpec[]): Signature<I, O> {
  const spec = { abi: 1, name, inputs, outputs, hash: JSON.stringify([inputs, outputs]) };
  return defineSignature(spec, interpret(spec));
}

export const QA: Signature<{ question: string }, { answer: string }> = signatureOf(
  "QA",
  [{ name: "question", type: "str" }],
  [{ name: "answer", type: "str" }],
);

export const Triage: Signature<{ message: string }, { label: "bug" | "billing"; confidence: number }> = signatureOf(
  "Triage",
  [{ name: "message", type: "str", constraints: { min_length: 1 } }],
  [
    { name: "label", type: { kind: "literal", values: ["bug", "billing"] } },
    { name: "confidence", type: "float", constraints: { ge: 0, le: 1 } },
  ],
);

/** Two texts in, a text and a number out, as the compiler writes it: what the core's rows call. */
import { defineSignature, limit, report } from "../../../../runtime/abi.ts";
import type { Signature } from "../../../../runtime/signature.ts";

export const Answering: Signature<{ question: string; context: string }, { answer: string; confidence: number }> = defineSignature(
  {
    abi: 1,
    name: "Answering",
    inputs: [
      { name: "question", type: "str" },
      { name: "context", type: "str" },
    ],
    outputs: [
      { name: "answer", type: "str" },
      { name: "confidence", type: "float", constraints: { ge: 0, le: 1 } },
    ],
    hash: "bench-answering",
  },
  {
    validateInputs(fields, issues) {
      const { question, context } = fields;
      if (typeof question !== "string") report(issues, ["question"], "str", question);
      if (typeof context !== "string") report(issues, ["context"], "str", context);
      return { question, context };
    },
    validateOutputs(fields, issues) {
      const { answer, confidence } = fields;
      if (typeof answer !== "string") report(issues, ["answer"], "str", answer);
      if (typeof confidence !== "number") report(issues, ["confidence"], "float", confidence);
      else limit(issues, ["confidence"], { ge: 0, le: 1 }, confidence);
      return { answer, confidence };
    },
  },
);

/** Sorts support messages: three signatures, each written in one of the three forms, and the modules made of them. */
import { chainOfThought, type Module, predict, sig } from "dspex";

/** Where a message goes, and how sure that is. A named tag: its types come from `dspex.gen/`. */
export const Triage = sig.Triage`
  """Sort a support message."""
  message: str -> label: Literal["bug", "billing", "other"], confidence: float(ge=0, le=1)
`;

/** Does somebody have to look today? A plain call: its types are inferred from the text. */
export const Urgency = sig("message: str -> urgent: bool");

/** What to do first. A backtick argument: as a call, with room for more lines. */
export const FirstStep = sig(`
  """Say what the support team does first."""
  message: str "what the customer wrote"
  -> step: Literal["file a ticket", "refund", "answer"]
`);

/** A message somebody has already worked on. */
export interface Example {
  readonly message: string;
  readonly label: "bug" | "billing" | "other";
  readonly confidence: number;
  readonly urgent: boolean;
  readonly reasoning: string;
  readonly step: "file a ticket" | "refund" | "answer";
}

/** A base model answers in format because it is shown the format: every module gets the same few examples. */
export function modules(examples: readonly Example[]) {
  return {
    triage: predict(Triage).withDemos(examples.map(({ message, label, confidence }) => ({ message, label, confidence }))),
    urgency: predict(Urgency).withDemos(examples.map(({ message, urgent }) => ({ message, urgent }))),
    firstStep: chainOfThought(FirstStep).withDemos(examples.map(({ message, reasoning, step }) => ({ message, reasoning, step }))),
  } satisfies Record<string, Module>;
}

export type TriageModules = ReturnType<typeof modules>;

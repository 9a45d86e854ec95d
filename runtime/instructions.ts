/** New instructions for a module: its one predictor's, or, where DSPy derives several texts from them, the signature's. */
import type { Definition } from "./definition.ts";
import { mainPredictor } from "./modules/predictors.ts";
import { codeOf, defineSignature, type Signature, specOf } from "./signature.ts";

export function withInstructions({ program, outputs }: Definition, text: string): Pick<Definition, "program" | "outputs"> {
  if (typeof text !== "string") throw new TypeError(`withInstructions() takes a string; it was given ${typeof text}.`);
  const { kind, predictors, signature } = program;
  if (kind === "predict" || kind === "chainOfThought") {
    const main = mainPredictor(kind);
    return { outputs, program: { ...program, predictors: { ...predictors, [main]: { ...predictors[main], instructions: text } } } };
  }
  const instructed = withDocstring(signature, text);
  return { outputs: outputs === signature ? instructed : outputs, program: { ...program, signature: instructed } };
}

/** The hash says the content; here there is no time for SHA-256, so it holds the text itself. */
function withDocstring(signature: Signature, docstring: string): Signature {
  const spec = specOf(signature);
  return defineSignature({ ...spec, docstring, hash: `${spec.hash} ${docstring}` }, codeOf(signature), signature.metadata);
}

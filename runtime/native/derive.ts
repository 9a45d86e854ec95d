/**
 * Layouts that DSPy's modules derive. Each derivation cleans the instructions once more, as DSPy does by storing and
 * rereading them (dspy-semantics 1.4).
 */

import type { PredictorState } from "../router/engine.ts";
import type { Signature } from "../signature.ts";
import { defaultInstructions, specOf } from "../signature.ts";
import type { Layout, LayoutField } from "./layout.ts";
import { memo } from "./memo.ts";
import { cleandoc } from "./python/doc.ts";

const REASONING: LayoutField = { name: "reasoning", type: "str" };

/** `reasoning` before the outputs; an own output of that name moves there as it is, an input of that name is replaced. */
export function chainOfThoughtLayout(layout: Layout): Layout {
  const own = layout.outputs.find(({ name }) => name === "reasoning") ?? REASONING;
  return derived(
    layout.instructions,
    layout.inputs.filter(({ name }) => name !== "reasoning"),
    [own, ...layout.outputs.filter((field) => field !== own)],
  );
}

/** A derived signature: its instructions are those read from the one before, or, where that had none, the default sentence over the new fields. */
export function derived(instructions: string, inputs: readonly LayoutField[], outputs: readonly LayoutField[]): Layout {
  return { instructions: cleandoc(instructions || defaultInstructions(inputs, outputs)), inputs, outputs };
}

/** A signature as a bare Predict shows it. */
export const signatureLayout: (signature: Signature) => Layout = memo((signature) => {
  const { inputs, outputs } = specOf(signature);
  return { instructions: cleandoc(signature.docstring), inputs, outputs };
});

/**
 * A layout with a predictor's saved state: other instructions, and descriptions by position as far as both lists go.
 * DSPy's default description in the file is the default here, as long as it names the field it stands on.
 */
export function withState(layout: Layout, state: PredictorState | undefined): Layout {
  if (!state || (state.instructions === undefined && !state.fields)) return layout;
  const described = (fields: readonly LayoutField[], from: number): readonly LayoutField[] =>
    fields.map((field, i) => {
      const saved = state.fields?.[from + i];
      return saved === undefined ? field : { ...field, desc: saved.description };
    });
  return {
    instructions:
      state.instructions === undefined
        ? layout.instructions
        : cleandoc(state.instructions || defaultInstructions(layout.inputs, layout.outputs)),
    inputs: described(layout.inputs, 0),
    outputs: described(layout.outputs, layout.inputs.length),
  };
}

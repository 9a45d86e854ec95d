/** A kind of one predictor over its own signature: predict and chainOfThought. */
import { type Structure, withPredictor } from "../definition.ts";

export const single = (main: string): Structure => ({
  main,
  layout: ({ outputs }) => [{ path: main, instructions: outputs.docstring, fields: [...outputs.inputs, ...outputs.outputs] }],
  instructed: ({ program }, instructions) => ({ program: withPredictor(program, main, { instructions }) }),
});

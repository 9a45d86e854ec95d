/** A kind of several predictors, whose texts DSPy derives from the signature's: new instructions are the signature's own. */
import type { Structure } from "../definition.ts";
import { withDocstring } from "../signature.ts";

export const several = (main: string, layout: Structure["layout"]): Structure => ({
  main,
  layout,
  instructed({ program, outputs }, text) {
    const signature = withDocstring(program.signature, text);
    return { outputs: outputs === program.signature ? signature : outputs, program: { ...program, signature } };
  },
});

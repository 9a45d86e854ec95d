/** The exact messages of a call, for who wants to see them without making it: `dspexc render`, a debugger, a test. */
import type { Message } from "../lm/lm.ts";
import type { AdapterName, Demo, PredictorState } from "../router/engine.ts";
import { defaultInstructions } from "../signature.ts";
import type { SignatureSpec } from "../spec.ts";
import { format } from "./adapters/full.ts";
import { chainOfThoughtLayout, withState } from "./derive.ts";
import type { Layout } from "./layout.ts";
import { cleandoc } from "./python/doc.ts";

export interface RenderOptions {
  readonly adapter?: AdapterName;
  readonly kind?: "predict" | "chainOfThought";
  readonly demos?: readonly Demo[];
  readonly state?: PredictorState;
}

/** What `predict` or `chainOfThought` over this signature would send; a missing input is left out, as DSPy leaves it out. */
export function renderMessages(spec: SignatureSpec, inputs: Readonly<Record<string, unknown>>, options: RenderOptions = {}): Message[] {
  const { adapter = "chat", kind = "predict", state, demos = state?.demos ?? [] } = options;
  const { inputs: ins, outputs } = spec;
  const base: Layout = { instructions: cleandoc(spec.docstring ?? defaultInstructions(ins, outputs)), inputs: ins, outputs };
  return format(adapter, withState(kind === "chainOfThought" ? chainOfThoughtLayout(base) : base, state), demos, inputs);
}

/** The exact messages of a call, for who wants to see them without making it: `dspexc render`, a debugger, a test. */
import type { Message } from "../lm/lm.ts";
import type { AdapterName, Demo, PredictorState } from "../router/engine.ts";
import { defaultInstructions } from "../signature.ts";
import type { SignatureSpec } from "../spec.ts";
import { History, Image } from "../values.ts";
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
  const forms = new Map(
    [...ins, ...outputs].map(({ name, type }) => [name, typeof type === "object" && type.kind === "class" ? type.name : ""]),
  );
  const given = (values: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, fromJson(value, forms.get(name))]));
  return format(adapter, withState(kind === "chainOfThought" ? chainOfThoughtLayout(base) : base, state), demos.map(given), given(inputs));
}

/** JSON has no word for an image, a conversation or an instant; where one is declared, its address, its turns or its text stand for it. */
function fromJson(value: unknown, form: string | undefined): unknown {
  if (form === "dspy.Image" && typeof value === "string") return new Image(value);
  if (form === "dspy.History" && Array.isArray(value)) return new History(value);
  return value;
}

/** The model of a call, in the one shape the engines use; the runtime remembers it, to close it. */
import { ConfigurationError } from "../errors.ts";
import type { LM } from "../lm/lm.ts";
import { resolveLM } from "../lm/resolve.ts";
import type { Opening } from "./opening.ts";

export function modelOf({ definition, options, state }: Opening): LM | Promise<LM> {
  if (options.lm === undefined) return definition.program.kind === "module" ? absent : missing();
  const lm = resolveLM(options.lm);
  if (!(lm instanceof Promise)) {
    state.models.add(lm);
    return lm;
  }
  return lm.then((loaded) => {
    state.models.add(loaded);
    return loaded;
  });
}

/** A user's Python module may need no model; one that asks for it after all hears what is missing. */
const absent: LM = { model: "none", endpoint: "none", supports: {}, config: {}, complete: async () => missing() };

function missing(): never {
  throw new ConfigurationError("lm_missing", "No language model is configured.", {
    configKey: "lm",
    expected: "a model",
    actual: "nothing",
    remedy: 'Call configure({ lm: "openai/gpt-5-mini" }) first, or give `lm` to the module or the call.',
  });
}

/**
 * What the native engine runs, known without loading it: `module.route()` answers at once and the first chunk of a
 * bundle holds no adapter. The loaded engine is asked itself and also looks at the types.
 */
import type { Program } from "./engine.ts";

export function nativeCanExecute({ kind, native }: Program): true | string {
  return native !== undefined || kind === "predict" || kind === "chainOfThought" || `${kind} runs in Python only`;
}

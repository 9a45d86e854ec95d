/**
 * What the native engine runs, known without loading it: `module.route()` answers at once and the first chunk of a
 * bundle holds no adapter. The loaded engine is asked itself and also looks at the types.
 */
import type { Program, ProgramKind } from "./engine.ts";

const kinds: readonly ProgramKind[] = ["predict", "chainOfThought", "react"];

export function nativeCanExecute({ kind }: Program): true | string {
  return kinds.includes(kind) || `${kind} runs in Python only`;
}

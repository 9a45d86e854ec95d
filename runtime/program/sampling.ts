/**
 * How a saved LM sampled, as settings here. It is not connected to: its address and keys are not in the file, and a file
 * is no place to take an endpoint from. How it sampled is part of the program.
 */
import type { LMConfig } from "../lm/lm.ts";
import type { PredictorState } from "../router/engine.ts";

const names = { temperature: "temperature", max_tokens: "maxTokens", top_p: "topP", n: "n", seed: "seed" };

export function samplingOf(state: PredictorState | undefined): LMConfig | undefined {
  const lm = state?.lm;
  if (!lm) return undefined;
  const config: Record<string, number> = {};
  for (const [theirs, ours] of Object.entries(names)) {
    // A Float, which state-text.ts makes of `1.0`, is its number here.
    const value = lm[theirs]?.valueOf();
    if (typeof value === "number") config[ours] = value;
  }
  return config;
}

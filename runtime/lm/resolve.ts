/**
 * Every form an `lm` option takes, brought to the one shape the engines use. Each form's code is a chunk of its own,
 * loaded when the first call needs it; a form that is an LM already costs nothing.
 */
import type { AISDKModel, LMFunction, LMOption, LMSettings } from "../options.ts";
import type { LM } from "./lm.ts";

const made = new WeakMap<object, LM>();
let endpoints: typeof import("./endpoint.ts") | undefined;

export function resolveLM(option: LMOption): LM | Promise<LM> {
  if (typeof option === "string") return endpoints ? endpoints.endpointLM(option) : loadEndpoint(option);
  if ("complete" in option) return option;
  return made.get(option) ?? make(option);
}

async function loadEndpoint(option: string): Promise<LM> {
  endpoints ??= await import("./endpoint.ts");
  return endpoints.endpointLM(option);
}

async function make(option: LMFunction | AISDKModel | LMSettings): Promise<LM> {
  let lm: LM;
  if (typeof option === "function") lm = (await import("./function.ts")).functionLM(option);
  else if ("doGenerate" in option) lm = (await import("./ai-sdk.ts")).aiSdkLM(option);
  else lm = (await import("./endpoint.ts")).endpointLM(option);
  // Two first calls at one time must share one set of limits and connections.
  const first = made.get(option);
  if (!first) made.set(option, lm);
  return first ?? lm;
}

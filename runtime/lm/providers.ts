/**
 * Providers that speak OpenAI's chat protocol, by the name before the slash. Any other name works as soon as the
 * environment says `<NAME>_BASE_URL`; providers with protocols of their own come as AI SDK models.
 */

import { didYouMean } from "../did-you-mean.ts";
import { ConfigurationError } from "../errors.ts";
import type { LMSupports } from "./lm.ts";

const addresses: Readonly<Record<string, string>> = {
  openai: "https://api.openai.com/v1",
  anthropic: "https://api.anthropic.com/v1",
  cerebras: "https://api.cerebras.ai/v1",
  deepinfra: "https://api.deepinfra.com/v1/openai",
  deepseek: "https://api.deepseek.com/v1",
  fireworks: "https://api.fireworks.ai/inference/v1",
  gemini: "https://generativelanguage.googleapis.com/v1beta/openai",
  groq: "https://api.groq.com/openai/v1",
  mistral: "https://api.mistral.ai/v1",
  ollama: "http://localhost:11434/v1",
  openrouter: "https://openrouter.ai/api/v1",
  perplexity: "https://api.perplexity.ai",
  together: "https://api.together.xyz/v1",
  xai: "https://api.x.ai/v1",
};

/** Running on this machine, they take any key or none. */
const keyless = new Set(["ollama"]);

export interface Place {
  readonly provider: string;
  readonly baseURL: string;
  readonly apiKey: string | undefined;
  /** Without the `provider/` that only chose the endpoint. */
  readonly model: string;
  readonly supports: LMSupports;
}

export interface Asked {
  readonly model: string;
  readonly baseURL?: string | undefined;
  readonly apiKey?: string | undefined;
}

/** Where a model is, from what was said and what the environment says. Read at each call: tests and rotations change it. */
export function placeOf({ model, baseURL, apiKey }: Asked): Place {
  if (baseURL !== undefined) {
    const key = apiKey ?? (baseURL === addresses.openai ? environment("OPENAI_API_KEY") : undefined);
    return { provider: "openai-compatible", baseURL, apiKey: key, model: model.replace(/^openai\//, ""), supports: {} };
  }
  const slash = model.indexOf("/");
  const provider = slash > 0 ? model.slice(0, slash) : "openai";
  const prefix = provider.toUpperCase().replace(/[^A-Z0-9]/g, "_");
  const fromEnvironment = environment(`${prefix}_BASE_URL`) ?? environment(`${prefix}_API_BASE`);
  const address = fromEnvironment ?? (Object.hasOwn(addresses, provider) ? addresses[provider] : undefined);
  if (address === undefined) throw unknownProvider(provider, model, prefix);
  const key = apiKey ?? environment(`${prefix}_API_KEY`);
  if (key === undefined && fromEnvironment === undefined && !keyless.has(provider)) throw noKey(model, address, `${prefix}_API_KEY`);
  return {
    provider,
    baseURL: address,
    apiKey: key,
    model: model.slice(slash + 1),
    supports: fromEnvironment === undefined && provider === "openai" ? OPENAI : {},
  };
}

const OPENAI: LMSupports = { responseFormat: true, responseSchema: true, functionCalling: true };

function environment(name: string): string | undefined {
  return (globalThis as { process?: { env?: Record<string, string | undefined> } }).process?.env?.[name] || undefined;
}

function unknownProvider(provider: string, model: string, prefix: string): ConfigurationError {
  const known = Object.keys(addresses);
  const meant = didYouMean(provider, known);
  return new ConfigurationError("config_invalid", `"${provider}" is no provider that is known here.`, {
    configKey: "lm",
    expected: known.join(", "),
    actual: model,
    remedy: `${meant ? `Did you mean "${meant}"? ` : ""}Otherwise give { model, baseURL }, set ${prefix}_BASE_URL, or pass the provider's AI SDK model.`,
  });
}

function noKey(model: string, address: string, variable: string): ConfigurationError {
  return new ConfigurationError("config_invalid", `There is no API key for ${model} at ${address}: ${variable} is not set.`, {
    configKey: "lm.apiKey",
    expected: "an API key",
    actual: "nothing",
    remedy: `Set ${variable}, or give { model, apiKey }.`,
  });
}

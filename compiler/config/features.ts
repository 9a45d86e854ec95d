/** The names `without` takes. */
import type { Feature } from "../config.ts";
import { nearest } from "../diagnostics/suggest.ts";
import { ConfigError } from "./error.ts";

/** What each stands for, as the error says it that a program meets which needs it after all. */
export const FEATURES: Readonly<Record<Feature, string>> = {
  xml: "XMLAdapter",
  json: "JSONAdapter, by which also a reply that cannot be read is asked for again",
  streams: "Streaming",
  classes: "A class (a date, an address, dspy.Image and their kin)",
  types: "More than ChatAdapter over plain values (another type, another adapter, a reply that is not well-formed)",
  endpoint: "A model given by its name or address",
  "ai-sdk": "A model of the AI SDK",
  cache: "The cache",
};

/** `source` is who said it: a file, an environment variable, the plugin. */
export function checkFeatures(names: readonly string[], source: string): void {
  const known = Object.keys(FEATURES);
  for (const name of names) {
    if (known.includes(name)) continue;
    const near = nearest(name, known);
    const remedy = near ? `Did you mean "${near}"?` : `Known names: ${known.join(", ")}.`;
    throw new ConfigError(
      "config_invalid",
      `${source === "flag" ? "dspex({ without })" : `${source}: without`}: there is no feature "${name}". ${remedy}`,
      {
        configKey: "without",
        expected: known.join(", "),
        actual: name,
      },
    );
  }
}

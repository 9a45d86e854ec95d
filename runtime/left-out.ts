/**
 * What stands where a feature stood that `dspex({ without: [...] })` took out of a bundle: nothing but an error. The
 * plugins put it there (compiler/6-bundle/without.ts); no program that leaves nothing out holds this file.
 */
import { ConfigurationError } from "./errors.ts";

/** `named` is the name in `without`, `what` the feature in words. A function that can be called and constructed, and always throws. */
export function leftOut(named: string, what: string): () => never {
  return function absent(): never {
    throw new ConfigurationError("feature_left_out", `${what} was needed, and this bundle was built without it.`, {
      configKey: "without",
      expected: `"${named}" not in \`without\``,
      actual: `dspex({ without: ["${named}"] })`,
      remedy: `Take "${named}" out of the plugin's \`without\` and build again.`,
    });
  };
}

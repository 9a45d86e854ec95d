/**
 * A project's configuration: flags, then DSPEX_* of the environment, then the file, then defaults; every value
 * remembers where it came from (`dspexc config`). A wrong key or value is a ConfigError that says what was expected.
 */
import type { DspexConfig } from "../config.ts";
import { checkConfig } from "./check.ts";
import { environment } from "./environment.ts";
import { checkFeatures } from "./features.ts";
import { findConfig } from "./find.ts";
import { readConfig } from "./read.ts";

export type Settings = Required<Omit<DspexConfig, "include" | "registry">> & {
  readonly include: readonly string[] | undefined;
  readonly registry: { readonly prefix: string };
};

export interface LoadedConfig {
  readonly settings: Settings;
  /** Where each value came from: `flag`, an environment variable, the file's name, or `default`. */
  readonly sources: Readonly<Record<string, string>>;
  readonly file: string | undefined;
}

export interface LoadOptions {
  readonly cwd: string;
  readonly command?: string;
  /** From the command line; `undefined` says nothing. */
  readonly flags?: { readonly [K in keyof DspexConfig]?: DspexConfig[K] | undefined };
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export async function loadConfig({ cwd, command = "generate", flags = {}, env = process.env }: LoadOptions): Promise<LoadedConfig> {
  const file = findConfig(cwd);
  const given =
    file === undefined
      ? {}
      : await checkConfig(await readConfig(file, { command, mode: env.NODE_ENV === "production" ? "production" : "development" }), file);
  const fromEnv = await checkConfig(environment(env), "the environment");
  const defaults: Settings = {
    include: undefined,
    exclude: [],
    output: "dspex.gen",
    aliases: [],
    registry: { prefix: "" },
    strict: false,
    cache: true,
    without: [],
  };
  const sources: Record<string, string> = {};
  const pick = <K extends keyof Settings>(key: K): Settings[K] => {
    const layers: [string, DspexConfig | LoadOptions["flags"]][] = [
      ["flag", flags],
      [`DSPEX_${key.toUpperCase()}`, fromEnv],
      [file ?? "", given],
    ];
    for (const [source, layer] of layers) {
      const value = layer?.[key];
      if (value === undefined) continue;
      sources[key] = source;
      return value as Settings[K];
    }
    sources[key] = "default";
    return defaults[key];
  };
  const settings: Settings = {
    include: pick("include"),
    exclude: pick("exclude"),
    output: pick("output"),
    aliases: pick("aliases"),
    registry: { ...defaults.registry, ...pick("registry") },
    strict: pick("strict"),
    cache: pick("cache"),
    without: pick("without"),
  };
  checkFeatures(settings.without, sources.without!);
  return { settings, sources, file };
}

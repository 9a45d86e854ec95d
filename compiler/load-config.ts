/**
 * Finds, loads and checks a project's configuration. Order: flags, then DSPEX_* of the environment, then the file, then
 * defaults; every value remembers where it came from (`dspexc config`). A wrong key or value is a ConfigError that
 * says what was expected.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { ConfigContext, ConfigExport, DspexConfig } from "./config.ts";
import { nearest } from "./diagnostics/suggest.ts";

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

/** The twin of the runtime's ConfigurationError: same code, key, expected and actual. */
class ConfigError extends Error {
  readonly code: "config_invalid" | "config_unknown_key";
  readonly configKey: string;
  readonly expected: string;
  readonly actual: string;
  constructor(
    code: ConfigError["code"],
    message: string,
    details: { configKey?: string; expected?: string; actual?: string; cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "ConfigurationError";
    this.code = code;
    this.configKey = details.configKey ?? "";
    this.expected = details.expected ?? "";
    this.actual = details.actual ?? "";
  }
}

const NAMES = ["ts", "mts", "js", "mjs", "json"].map((extension) => `dspex.config.${extension}`);

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
      : await check(await read(file, { command, mode: env.NODE_ENV === "production" ? "production" : "development" }), file);
  const fromEnv = await check(environment(env), "the environment");
  const defaults: Settings = {
    include: undefined,
    exclude: [],
    output: "dspex.gen",
    aliases: [],
    registry: { prefix: "" },
    strict: false,
    cache: true,
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
  };
  return { settings, sources, file };
}

/** The nearest `dspex.config.*`, or a package.json with a `dspex` key, upwards to the repository's root. */
export function findConfig(cwd: string): string | undefined {
  for (let at = resolve(cwd); ; at = dirname(at)) {
    for (const name of NAMES) if (existsSync(join(at, name))) return join(at, name);
    const manifest = join(at, "package.json");
    if (existsSync(manifest) && isRecord(parseJson(manifest)) && "dspex" in (parseJson(manifest) as object)) return manifest;
    if (existsSync(join(at, ".git")) || dirname(at) === at) return undefined;
  }
}

async function read(file: string, context: ConfigContext): Promise<unknown> {
  if (file.endsWith("package.json")) return (parseJson(file) as { dspex: unknown }).dspex;
  if (file.endsWith(".json")) return parseJson(file);
  const loaded = ((await importModule(file)) as { default?: ConfigExport }).default;
  if (loaded === undefined)
    throw new ConfigError("config_invalid", `${file} has no default export. Write: export default defineConfig({ ... })`, {
      expected: "a default export",
      actual: "none",
    });
  return typeof loaded === "function" ? await loaded(context) : loaded;
}

function parseJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new ConfigError("config_invalid", `${file} is no JSON: ${(cause as Error).message}`, { expected: "JSON", cause });
  }
}

/** Node reads TypeScript by itself; what it cannot strip (enums, an older Node) goes through esbuild, which is here anyway. */
async function importModule(file: string): Promise<unknown> {
  const url = pathToFileURL(file).href;
  try {
    return await import(`${url}?at=${Date.now()}`);
  } catch (cause) {
    const code = (cause as { code?: string }).code;
    if (
      code !== "ERR_UNKNOWN_FILE_EXTENSION" &&
      code !== "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX" &&
      code !== "ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING"
    ) {
      throw new ConfigError("config_invalid", `${file} could not be loaded: ${(cause as Error).message}`, {
        expected: "a module that loads",
        actual: (cause as Error).name,
        cause,
      });
    }
  }
  const { bundleModule } = await import("./6-bundle/esbuild.ts");
  const folder = join(dirname(file), "node_modules", ".cache", "dspex");
  mkdirSync(folder, { recursive: true });
  const out = join(folder, `config-${process.pid}-${Date.now()}.mjs`);
  try {
    await bundleModule(file, out);
    return await import(pathToFileURL(out).href);
  } finally {
    rmSync(out, { force: true });
  }
}

function environment(env: Readonly<Record<string, string | undefined>>): unknown {
  const list = (text: string | undefined) =>
    text
      ?.split(",")
      .map((item) => item.trim())
      .filter(Boolean);
  const found: Record<string, unknown> = {
    include: list(env.DSPEX_INCLUDE),
    exclude: list(env.DSPEX_EXCLUDE),
    output: env.DSPEX_OUTPUT,
    aliases: list(env.DSPEX_ALIASES),
  };
  const flag = (text: string | undefined) =>
    text === undefined ? undefined : ({ 1: true, true: true, 0: false, false: false }[text] ?? text);
  found.strict = flag(env.DSPEX_STRICT);
  found.cache = flag(env.DSPEX_CACHE);
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

async function check(value: unknown, where: string): Promise<DspexConfig> {
  if (isRecord(value) && Object.keys(value).length === 0) return {};
  const { z } = await import("zod");
  const schema = z.strictObject({
    include: z.array(z.string()).optional(),
    exclude: z.array(z.string()).optional(),
    output: z.string().min(1).optional(),
    aliases: z.array(z.string()).optional(),
    registry: z
      .strictObject({
        prefix: z
          .string()
          .regex(/^[\p{ID_Start}$_]?[\p{ID_Continue}$]*$/u)
          .optional(),
      })
      .optional(),
    strict: z.boolean().optional(),
    cache: z.boolean().optional(),
  });
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data as DspexConfig;
  const issue = checked.error.issues[0]!;
  const path = issue.path.join(".");
  if (issue.code === "unrecognized_keys") {
    const key = issue.keys[0]!;
    const known = Object.keys(path === "registry" ? { prefix: 1 } : schema.shape);
    const near = nearest(key, known);
    throw new ConfigError(
      "config_unknown_key",
      `${where}: unknown key "${key}"${path ? ` in ${path}` : ""}.${near ? ` Did you mean "${near}"?` : ` Known keys: ${known.join(", ")}.`}`,
      {
        configKey: path ? `${path}.${key}` : key,
        expected: known.join(", "),
        actual: key,
      },
    );
  }
  throw new ConfigError("config_invalid", `${where}: ${path || "the configuration"}: ${issue.message}.`, {
    configKey: path,
    expected: "expected" in issue ? String(issue.expected) : issue.message,
    actual: typeOf(value, issue.path),
  });
}

function typeOf(value: unknown, path: readonly PropertyKey[]): string {
  const at = path.reduce<unknown>(
    (inner, key) => (isRecord(inner) || Array.isArray(inner) ? (inner as Record<PropertyKey, unknown>)[key] : undefined),
    value,
  );
  return at === null ? "null" : Array.isArray(at) ? "an array" : typeof at === "string" ? JSON.stringify(at) : typeof at;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

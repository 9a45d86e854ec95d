/** A configuration file's value, unchecked. */
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ConfigContext, ConfigExport } from "../config.ts";
import { ConfigError } from "./error.ts";
import { isRecord, parseJson } from "./json.ts";

export async function readConfig(file: string, context: ConfigContext): Promise<unknown> {
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

/**
 * Node reads TypeScript by itself. What it cannot strip (enums, an older Node) goes through esbuild, which is here anyway, and
 * so does what a package does not declare to be a module: there Node refuses `import`, or warns at every command.
 */
async function importModule(file: string): Promise<unknown> {
  if (isModule(file)) {
    try {
      return await import(`${pathToFileURL(file).href}?at=${Date.now()}`);
    } catch (cause) {
      const code = (cause as { code?: string }).code;
      if (
        code !== "ERR_UNKNOWN_FILE_EXTENSION" &&
        code !== "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX" &&
        code !== "ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING"
      )
        throw notLoaded(file, cause);
    }
  }
  const { bundleModule } = await import("../6-bundle/esbuild.ts");
  const folder = join(dirname(file), "node_modules", ".cache", "dspex");
  const out = join(folder, `config-${process.pid}-${Date.now()}.mjs`);
  try {
    mkdirSync(folder, { recursive: true });
    await bundleModule(file, out);
    return await import(pathToFileURL(out).href);
  } catch (cause) {
    throw notLoaded(file, cause);
  } finally {
    rmSync(out, { force: true });
  }
}

function isModule(file: string): boolean {
  if (/\.m[jt]s$/.test(file)) return true;
  for (let at = dirname(file); ; at = dirname(at)) {
    const manifest = join(at, "package.json");
    const parsed = existsSync(manifest) ? parseJson(manifest) : undefined;
    if (parsed !== undefined || dirname(at) === at) return isRecord(parsed) && parsed.type === "module";
  }
}

const notLoaded = (file: string, cause: unknown): ConfigError =>
  new ConfigError("config_invalid", `${file} could not be loaded: ${(cause as Error).message}`, {
    expected: "a module that loads",
    actual: (cause as Error).name,
    cause,
  });

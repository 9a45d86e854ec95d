/** A configuration's keys and values, by zod: the first thing wrong is told with its key and what was expected. */
import type { DspexConfig } from "../config.ts";
import { nearest } from "../diagnostics/suggest.ts";
import { ConfigError } from "./error.ts";
import { isRecord } from "./json.ts";

export async function checkConfig(value: unknown, where: string): Promise<DspexConfig> {
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
    without: z.array(z.string()).optional(),
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

/** A file of JSON, or what is wrong with it. */
import { readFileSync } from "node:fs";
import { ConfigError } from "./error.ts";

export function parseJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8").replace(/^\uFEFF/, ""));
  } catch (cause) {
    throw new ConfigError("config_invalid", `${file} is no JSON: ${(cause as Error).message}`, { expected: "JSON", cause });
  }
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

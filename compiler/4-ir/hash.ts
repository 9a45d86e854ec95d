/** The content hash: what a signature is, whatever it is called and wherever it stands. */
import { hash } from "node:crypto";

/** The first 16 hex digits of the sha256 of the canonical JSON: keys sorted by code point, no spaces. */
export function contentHash(content: object): string {
  return hash("sha256", canonicalJson(content)).slice(0, 16);
}

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  let text = "";
  for (const key of Object.keys(value).sort()) {
    const item = (value as Record<string, unknown>)[key];
    if (item !== undefined) text += `${text ? "," : ""}${JSON.stringify(key)}:${canonicalJson(item)}`;
  }
  return `{${text}}`;
}

/** The content hash: what a signature is, whatever it is called and wherever it stands. */
import { hash } from "node:crypto";

/** The first 16 hex digits of the sha256 of the canonical JSON: keys sorted by code point, no spaces. */
export function contentHash(content: object): string {
  return hash("sha256", canonicalJson(content)).slice(0, 16);
}

function canonicalJson(value: unknown): string {
  if (typeof value === "string") return quoted(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  let text = "";
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) text += i === 0 ? canonicalJson(value[i]) : `,${canonicalJson(value[i])}`;
    return `[${text}]`;
  }
  for (const key of inOrder(Object.keys(value))) {
    const item = (value as Record<string, unknown>)[key];
    if (item !== undefined) text += `${text ? "," : ""}${quoted(key)}:${canonicalJson(item)}`;
  }
  return `{${text}}`;
}

/** By insertion: most objects have two or three keys, in order already, and `sort` costs more than the rest. */
function inOrder(keys: string[]): readonly string[] {
  for (let i = 1; i < keys.length; i++) {
    const key = keys[i]!;
    let at = i;
    for (; at > 0 && keys[at - 1]! > key; at--) keys[at] = keys[at - 1]!;
    keys[at] = key;
  }
  return keys;
}

/** Most strings are names; for these the call costs more than the quotes. */
const quoted = (text: string): string => (/^[\w .,-]*$/.test(text) ? `"${text}"` : JSON.stringify(text));

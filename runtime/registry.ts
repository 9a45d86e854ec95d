/**
 * Compiled signatures by their text and by their tag, for programs that run without a bundler: `dspex.gen/index` fills
 * it before the first literal is met. A bundle never needs it, its literals are rewritten where they stand.
 */
import { SignatureError } from "./errors.ts";
import type { Signature } from "./signature.ts";

/** A literal with `${}` holes is a function of what stands in them. */
export type Registered = Signature | ((...holes: readonly unknown[]) => Signature);

interface Tagged {
  readonly value: Registered;
  /** The literal's text, holes as `${}`; without it a tag is not checked for being stale. */
  readonly text: string | undefined;
}

const byText = new Map<string, Registered>();
const byTag = new Map<string, Tagged>();

/** `text` is the literal's cooked text, `${}` standing for each hole. */
export function registerSignature(text: string, signature: Registered): void {
  byText.set(text, signature);
}

export function registerTag(name: string, signature: Registered, text?: string): void {
  byTag.set(name, { value: signature, text });
}

/** The text of a tagged literal as it is registered. */
export function textOf(strings: TemplateStringsArray): string {
  return strings.join("${}");
}

export function findSignature(text: string, holes: readonly unknown[] = []): Signature {
  const found = byText.get(text);
  if (found) return resolve(found, holes);
  // In the call form a hole has become text before anyone could look at it.
  throw notCompiled(text, text.includes("[object ") ? "hole" : "unregistered");
}

export function findTag(name: string, strings: TemplateStringsArray, holes: readonly unknown[]): Signature {
  const text = textOf(strings);
  const found = byTag.get(name);
  if (!found) return byText.has(text) ? findSignature(text, holes) : refuse(notCompiled(text, "unregistered", name));
  if (found.text !== undefined && found.text !== text) throw notCompiled(text, "stale", name);
  return resolve(found.value, holes);
}

function resolve(found: Registered, holes: readonly unknown[]): Signature {
  return typeof found === "function" ? found(...holes) : found;
}

function refuse(error: SignatureError): never {
  throw error;
}

const why = {
  unregistered: "is not compiled",
  stale: "is not the text that was compiled: dspex.gen is older than the source",
  hole: "has a hole that holds a value, and in the call form only a compiled program can see it",
} as const;

const ways =
  'Either build with the plugin (dspex/esbuild, dspex/vite, ...) or run with "node --import dspex/register"; or run "dspexc" and import "dspex.gen/index" first.';

function notCompiled(text: string, reason: keyof typeof why, tag?: string): SignatureError {
  const line = text.trim().replace(/\s+/g, " ");
  const shown = line.length > 60 ? `${line.slice(0, 57)}...` : line;
  const remedy =
    reason === "hole"
      ? `Write it as a named tag (sig.Name\`...\`). ${ways}`
      : `${ways} A text known only at run time goes through compileSignature(text).`;
  return new SignatureError("literal_not_compiled", `The signature ${tag ? `sig.${tag} ` : ""}"${shown}" ${why[reason]}.`, {
    ...(tag ? { signature: tag } : {}),
    reason,
    remedy,
  });
}

/** Signatures whose text is known only at run time. The grammar is not part of the core: it is imported when first asked for. */
import { ConfigurationError } from "./errors.ts";
import type { Signature } from "./signature.ts";
import type { SignatureOf } from "./types/parse.ts";

export interface CompileOptions {
  /** Standard Schemas for names used in the text (DSPy's `custom_types`). */
  readonly types?: Readonly<Record<string, unknown>>;
  readonly name?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

interface Compiler {
  readonly compileSignature: (text: string, options?: CompileOptions) => Signature;
}

// Not a literal in the import, so that bundlers do not pull the compiler into a browser's bundle.
const entry = "dspex/compiler";

export async function compileSignature<const S extends string>(text: S, options?: CompileOptions): Promise<SignatureOf<S>> {
  const compiler = await load();
  return compiler.compileSignature(text, options) as SignatureOf<S>;
}

async function load(): Promise<Compiler> {
  try {
    return (await import(/* @vite-ignore */ /* webpackIgnore: true */ entry)) as Compiler;
  } catch (cause) {
    throw new ConfigurationError("config_invalid", `compileSignature needs the entry ${entry}, which could not be loaded here.`, {
      configKey: entry,
      expected: "an installed dspex package and Node",
      actual: cause instanceof Error ? cause.message.split("\n")[0]! : String(cause),
      remedy: "It runs where the package dspex is installed; elsewhere compile the literal at build time.",
      cause,
    });
  }
}

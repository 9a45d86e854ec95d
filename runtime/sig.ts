/**
 * `sig`: a signature literal. In compiled code nothing of this is left; uncompiled, a literal is looked up in the registry.
 *
 *   sig("question -> answer: str")     sig(`...`)     sig.Triage`...`     sig`...` (no literal type: loose)
 */
import { findSignature, findTag, textOf } from "./registry.ts";
import { codeOf, defineSignature, type Signature, specOf } from "./signature.ts";
import type { SignatureOf } from "./types/parse.ts";
import type { DspexTags } from "./types/registry.ts";

/** A tag: `` sig.Triage`...` ``. */
export type SignatureTag<T> = (strings: TemplateStringsArray, ...holes: readonly unknown[]) => T;

/** `sig` as a function. The tag form must come last: a call is resolved in order. */
export interface SigCall {
  <const S extends string>(text: S): SignatureOf<S>;
  (strings: TemplateStringsArray, ...holes: readonly unknown[]): Signature;
}

/**
 * Registered tags have their types; a name not yet compiled is loosely typed until `dspexc` has run. It is `any` and not a
 * loose tag, because `noUncheckedIndexedAccess` would make that one possibly undefined.
 */
export type SigTags = { readonly [K in keyof DspexTags]: SignatureTag<DspexTags[K]> } & { readonly [name: string]: any };

export type Sig = SigCall & SigTags;

function call(text: string | TemplateStringsArray, ...holes: readonly unknown[]): Signature {
  return typeof text === "string" ? findSignature(text) : findSignature(textOf(text), holes);
}

/** Tags are properties nobody can list beforehand, so a miss is answered by the prototype; what functions have stays theirs. */
function createSig(): Sig {
  const tags = new Proxy(Function.prototype, {
    get(target, name, receiver) {
      if (typeof name === "symbol" || name in target || name === "then" || name === "arguments" || name === "caller")
        return Reflect.get(target, name, receiver);
      return (strings: TemplateStringsArray, ...holes: readonly unknown[]) => findTag(name, strings, holes);
    },
  });
  return Object.setPrototypeOf(call.bind(undefined), tags) as Sig;
}

export const sig: Sig = /* @__PURE__ */ createSig();

export interface SignatureOptions {
  readonly name?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** The call form by its full name, with a name and metadata of the user's own. Compiled like `sig(...)`. */
export function signature<const S extends string>(text: S, options: SignatureOptions = {}): SignatureOf<S> {
  const found = findSignature(text);
  if (options.name === undefined && options.metadata === undefined) return found as SignatureOf<S>;
  const spec = specOf(found);
  return defineSignature({ ...spec, name: options.name ?? spec.name }, codeOf(found), options.metadata) as SignatureOf<S>;
}

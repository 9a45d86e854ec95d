/**
 * The type-level twin of `compiler/2-parse`: a signature's text to its type, in every editor, without a build. It infers
 * and reports nothing: what it cannot read is loosely typed, and the compiler says why.
 */
import type { Signature } from "../signature.ts";
import type { Inputs, Outputs } from "./fields.ts";
import type { DspexRegistry } from "./registry.ts";
import type { Quoted, SkipDocstring, Unquote } from "./strings.ts";
import type { TrimEnd } from "./text.ts";

/** The type of a literal: looked up where it was compiled, inferred where it was not yet. */
export type SignatureOf<S extends string> = S extends keyof DspexRegistry ? DspexRegistry[S] : Parse<S>;

/** A text that is no literal is loosely typed. */
export type Parse<S extends string> = string extends S ? Signature : S extends Quoted ? Sides<Unquote<SkipDocstring<S>>> : Sides<S>;

/** The arrow, nearly always with a blank on either side. Ends of lines are trimmed where there are lines. */
type Sides<S extends string> = S extends `${infer I} -> ${infer O}`
  ? S extends `${string}\n${string}`
    ? Signature<Inputs<TrimEnd<I>>, Outputs<TrimEnd<O>>>
    : Signature<Inputs<I>, Outputs<O>>
  : S extends `${infer I}->${infer O}`
    ? Signature<Inputs<I>, Outputs<O>>
    : Signature;

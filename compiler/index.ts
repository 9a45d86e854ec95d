/**
 * `dspex/compiler`: the compiler for text known only at run time, and for tools that look at signatures. It carries the
 * grammar and is slow to import; programs whose signatures stand in their source never need it.
 */
import { defineSlotted, interpretedCode, type Message, type RenderOptions, renderMessages, type Signature } from "dspex/internal";
import type { SignatureSpec, TypeSpec } from "../runtime/abi.ts";
import type { SignatureIr } from "./4-ir/ir.ts";
import { type CompiledFile, type CompileOptions, compileFile, compileText } from "./compile.ts";
import type { Diagnostic } from "./diagnostics/diagnostic.ts";
import { SignatureTextError } from "./signature-text-error.ts";
import type { SourceFile } from "./source.ts";

export type { Message, RenderOptions } from "dspex/internal";
export type { SignatureIr } from "./4-ir/ir.ts";
export { printIr } from "./4-ir/print.ts";
export type { CompiledFile, CompileOptions } from "./compile.ts";
export type { Diagnostic, Severity } from "./diagnostics/diagnostic.ts";
export { printDiagnostic } from "./diagnostics/print.ts";
export { SignatureTextError } from "./signature-text-error.ts";
export type { SourceFile, Span } from "./source.ts";

export interface CompileSignatureOptions {
  readonly name?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** What names used in the text mean: Standard Schemas, as DSPy's `custom_types`. */
  readonly types?: Readonly<Record<string, unknown>>;
}

/** A signature from text known only at run time. Throws `SignatureTextError`, with every diagnostic, when the text is wrong. */
export function compileSignature<I = any, O = any>(text: string, options: CompileSignatureOptions = {}): Signature<I, O> {
  const { name = "Signature", metadata, types = {} } = options;
  const schemas: unknown[] = [];
  const slots = new Map<string, TypeSpec>();
  const named = (type: string): TypeSpec | undefined => {
    if (!Object.hasOwn(types, type)) return undefined;
    if (!slots.has(type)) slots.set(type, { kind: "slot", index: schemas.push(types[type]) - 1, text: type });
    return slots.get(type);
  };
  const { value, diagnostics } = compileText(text, name, named);
  if (!value) throw new SignatureTextError(diagnostics);
  return defineSlotted<I, O>(schemas, value.spec, interpretedCode(value.spec), metadata ? { metadata } : {});
}

export type ParsedSignature =
  | { readonly ok: true; readonly value: SignatureSpec; readonly ir: SignatureIr; readonly diagnostics: readonly Diagnostic[] }
  | { readonly ok: false; readonly value: undefined; readonly ir: undefined; readonly diagnostics: readonly Diagnostic[] };

/** The text as the compiler understands it, and all that is wrong or odd about it. Never throws. */
export function parse(text: string): ParsedSignature {
  const { value, diagnostics } = compileText(text);
  return value ? { ok: true, value: value.spec, ir: value, diagnostics } : { ok: false, value: undefined, ir: undefined, diagnostics };
}

/** Every diagnostic of the files, as `dspexc check` finds them. */
export function check(files: readonly SourceFile[], options: CompileOptions = {}): readonly CompiledFile[] {
  return files.map((file) => compileFile(file, options));
}

/**
 * The exact messages that `predict` (or `kind: "chainOfThought"`) over a signature, or over a signature's text, would
 * send; as `dspexc render` prints them. A missing input is left out, as DSPy leaves it out. Throws `SignatureTextError`
 * when the text is wrong.
 */
export async function render(
  signature: Signature | string,
  inputs: Readonly<Record<string, unknown>> = {},
  options: RenderOptions = {},
): Promise<readonly Message[]> {
  return renderMessages(typeof signature === "string" ? compileSignature(signature) : signature, inputs, options);
}

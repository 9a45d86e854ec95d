/**
 * The only door between generated code and the runtime: everything a generated module may call, in one list, and the
 * one number that guards it. The compiler imports types from here and nothing else. Published as `dspex/internal`;
 * it is no interface for people, and what it exports may change with the number.
 */
import { SignatureError } from "./errors.ts";
import type { Message } from "./lm/lm.ts";
import type { RenderOptions } from "./native/render.ts";
import { defineSignature as define, isSignature, type Signature, specOf } from "./signature.ts";
import type { SignatureSpec } from "./spec.ts";
import { type GeneratedCode, plainCode } from "./validate/generated.ts";
import type { StandardSchema } from "./validate/slot.ts";
import { slottedSignature } from "./validate/slotted.ts";
import { typedCode } from "./validate/typed-code.ts";

export type { Message } from "./lm/lm.ts";
export type { RenderOptions } from "./native/render.ts";
export { registerSignature, registerTag } from "./registry.ts";
export type { Signature } from "./signature.ts";
export type { Constant, Constraints, FieldSpec, ModelField, ModelType, SignatureSpec, TypeSpec } from "./spec.ts";
export type { Expression, ForNode, IfNode, PathExpression, TemplateAst, TemplateNode } from "./template/ast.ts";
export { compiledTemplate } from "./template/generated.ts";
export { parseTemplate } from "./template/parse.ts";
export { isInstance } from "./validate/classes.ts";
export { defineTool, type GeneratedTool, registerTool, toolCode } from "./validate/compiled-tool.ts";
export { limit } from "./validate/constraints.ts";
export type { Check } from "./validate/containers.ts";
export { anyOf, eachItem, eachMember, eachPlace, eachValue, keyOf } from "./validate/containers.ts";
export { isRecord } from "./validate/fields.ts";
export { model } from "./validate/generated.ts";
export { interpretedCode } from "./validate/interpret.ts";
export { report } from "./validate/issue.ts";
export { fromBase64, historyOf, imageOf, toBase64 } from "./validate/json-forms.ts";
export { slot } from "./validate/slot.ts";
export { slotOf } from "./validate/slotted.ts";

/** Raised whenever code generated before would not run, or would run differently, on this runtime. */
export const ABI = 1;

/** What a call may say beside the text: `signature(text, { name, metadata })`. */
export interface SignatureOptions {
  readonly name?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** What a compiled literal becomes. */
export function defineSignature<I = any, O = any>(
  spec: SignatureSpec,
  code: GeneratedCode,
  options: SignatureOptions = {},
): Signature<I, O> {
  return define(checked(spec, options), typedCode(spec, code), options.metadata);
}

/** The same where every field is `str`, `int`, `float` or `bool`: a bundle of such signatures holds nothing for other types. */
export function definePlain<I = any, O = any>(spec: SignatureSpec, code: GeneratedCode, options: SignatureOptions = {}): Signature<I, O> {
  return define(checked(spec, options), plainCode(spec, code), options.metadata);
}

/** The same for a literal with `${schema}` holes: `slots` are the schemas, in the order of the holes. */
export function defineSlotted<I = any, O = any>(
  slots: readonly unknown[],
  spec: SignatureSpec,
  code: GeneratedCode,
  options: SignatureOptions = {},
): Signature<I, O> {
  return slottedSignature(slots as readonly StandardSchema[], checked(spec, options), code, options.metadata);
}

/** The table under the name it was given, if it was made for this runtime. */
function checked(spec: SignatureSpec, { name }: SignatureOptions): SignatureSpec {
  if (spec.abi === ABI) return name === undefined ? spec : { ...spec, name };
  const [made, remedy] =
    spec.abi < ABI
      ? ["an older", "Run dspexc generate, or build again."]
      : ["a newer", "Install the dspex that compiled it, or compile with the one installed."];
  throw new SignatureError(
    "abi_mismatch",
    `Signature ${spec.name} was compiled by ${made} dspex (abi ${spec.abi}); this runtime has abi ${ABI}.`,
    { remedy, signature: spec.name },
  );
}

/** The exact messages of a call, for `dspexc render` and `dspex/compiler`; nothing of it is loaded before it is asked for. */
export async function renderMessages(
  signature: SignatureSpec | Signature,
  inputs: Readonly<Record<string, unknown>>,
  options: RenderOptions = {},
): Promise<Message[]> {
  const spec = isSignature(signature) ? specOf(signature) : (signature as SignatureSpec);
  return (await import("./native/render.ts")).renderMessages(spec, inputs, options);
}

/** Signatures with `${schema}` holes: the slots of the field table are filled when the signature is defined. */
import { SignatureError } from "../errors.ts";
import { defineSignature, type Signature } from "../signature.ts";
import type { FieldSpec, SignatureSpec, TypeSpec } from "../spec.ts";
import type { GeneratedCode } from "./generated.ts";
import { typeOfSchema } from "./schema-type.ts";
import type { StandardSchema } from "./slot.ts";
import { typedCode } from "./typed-code.ts";

const filled = new WeakMap<object, readonly StandardSchema[]>();

export function slottedSignature<I, O>(
  slots: readonly StandardSchema[],
  spec: SignatureSpec,
  code: GeneratedCode,
  metadata?: Readonly<Record<string, unknown>>,
): Signature<I, O> {
  const types = slots.map(() => undefined) as (TypeSpec | undefined)[];
  const fill = (field: FieldSpec): FieldSpec => ({ ...field, type: fillType(field.type, slots, types) });
  const whole = { ...spec, inputs: spec.inputs.map(fill), outputs: spec.outputs.map(fill) };
  const signature = defineSignature<I, O>({ ...whole, hash: contentHash(spec.hash, types) }, typedCode(spec, code, slots), metadata);
  filled.set(signature, slots);
  return signature;
}

/** What fills a slot of a signature, for one that splices its fields. */
export function slotOf(signature: Signature, index: number): StandardSchema {
  const slot = filled.get(signature)?.[index];
  if (!slot)
    throw new SignatureError(
      "literal_not_compiled",
      `Signature ${signature?.name ?? "(undefined)"} has no slot ${index}: it was compiled from another text.`,
      { remedy: "Build again, or run dspexc generate." },
    );
  return slot;
}

function fillType(type: TypeSpec, slots: readonly StandardSchema[], types: (TypeSpec | undefined)[]): TypeSpec {
  if (typeof type === "string") return type;
  const inner = (part: TypeSpec) => fillType(part, slots, types);
  switch (type.kind) {
    case "slot":
      types[type.index] ??= typeOfSchema(slots[type.index]!, type.text);
      return types[type.index]!;
    case "generic":
      return { ...type, args: type.args.map((arg) => (arg === "ellipsis" ? arg : inner(arg))) };
    case "union":
      return { ...type, members: type.members.map(inner) };
    case "model":
      return { ...type, fields: type.fields.map((field) => ({ ...field, type: inner(field.type) })) };
    default:
      return type;
  }
}

/** 64 bits of FNV-1a over the text's hash and what filled its slots: the core has no synchronous sha256. */
function contentHash(hash: string, types: readonly (TypeSpec | undefined)[]): string {
  let state = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(hash + JSON.stringify(types)))
    state = BigInt.asUintN(64, (state ^ BigInt(byte)) * 0x100000001b3n);
  return state.toString(16).padStart(16, "0");
}

/** The code of a signature of any types. What it holds more than `plainCode` is not in a bundle whose signatures are all plain. */
import type { SignatureCode } from "../signature.ts";
import type { SignatureSpec } from "../spec.ts";
import { typeText } from "../type-text.ts";
import { type GeneratedCode, plainCode } from "./generated.ts";
import type { StandardSchema } from "./slot.ts";

export function typedCode(spec: SignatureSpec, code: GeneratedCode, slots?: readonly StandardSchema[]): SignatureCode {
  return { ...plainCode(spec, code, slots), typeText };
}

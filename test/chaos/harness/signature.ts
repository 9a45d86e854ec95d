/** A signature from its text, as `compileSignature` makes it, from the sources and not from the built package. */
import { compileText } from "../../../compiler/compile.ts";
import { defineSlotted, interpretedCode } from "../../../runtime/abi.ts";
import type { Signature } from "../../../runtime/signature.ts";

export function signatureOf(text: string): Signature {
  const { value, diagnostics } = compileText(text, "Chaos");
  if (!value) throw new Error(diagnostics.map(({ message }) => message).join("; "));
  return defineSlotted([], value.spec, interpretedCode(value.spec));
}

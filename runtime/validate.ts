/** `validate`: a signature's own validators, for data that does not come from a call. */
import { type Checked, codeOf, type InputOf, type OutputOf, type Signature } from "./signature.ts";

/** Every issue is reported, not the first; a missing input with a default is filled. */
export function validate<S extends Signature>(data: unknown, signature: S): Checked<InputOf<S>>;
export function validate<S extends Signature>(data: unknown, signature: S, side: "inputs"): Checked<InputOf<S>>;
export function validate<S extends Signature>(data: unknown, signature: S, side: "outputs"): Checked<OutputOf<S>>;
export function validate(data: unknown, signature: Signature, side: "inputs" | "outputs" = "inputs"): Checked<unknown> {
  const code = codeOf(signature);
  return side === "outputs" ? code.validateOutputs(data) : code.validateInputs(data);
}

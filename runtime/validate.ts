/** `validate`: a signature's own validators, for data that does not come from a call. */
import { ConfigurationError } from "./errors.ts";
import { type Checked, codeOf, type InputOf, type OutputOf, type Signature } from "./signature.ts";

/** Every issue is reported, not the first; a missing input with a default is filled. */
export function validate<S extends Signature>(data: unknown, signature: S): Checked<InputOf<S>>;
export function validate<S extends Signature>(data: unknown, signature: S, side: "inputs"): Checked<InputOf<S>>;
export function validate<S extends Signature>(data: unknown, signature: S, side: "outputs"): Checked<OutputOf<S>>;
export function validate(data: unknown, signature: Signature, side: "inputs" | "outputs" = "inputs"): Checked<unknown> {
  if (side !== "inputs" && side !== "outputs")
    throw new ConfigurationError("config_invalid", `validate() checks "inputs" or "outputs"; it was given ${JSON.stringify(side)}.`, {
      configKey: "side",
      expected: '"inputs" or "outputs"',
      actual: String(side),
    });
  const code = codeOf(signature);
  return side === "outputs" ? code.validateOutputs(data) : code.validateInputs(data);
}

/** What was wrong with inputs or outputs, as one error that lists it all. */
import { type Issue, SignatureError } from "../errors.ts";
import type { EngineResult } from "../router/engine.ts";
import type { Signature } from "../signature.ts";

/** A message names this many; `issues` holds them all. */
const NAMED = 5;

function sentence(issues: readonly Issue[]): string {
  const named = issues
    .slice(0, NAMED)
    .map(({ message }) => message)
    .join(" ");
  return issues.length > NAMED ? `${named} And ${issues.length - NAMED} more.` : named;
}

export function invalidInputs({ name }: Signature, issues: readonly Issue[]): SignatureError {
  return new SignatureError("input_invalid", `${name} cannot be called with these inputs. ${sentence(issues)}`, {
    signature: name,
    issues,
  });
}

export function invalidOutputs({ name }: Signature, issues: readonly Issue[], { outputs, exchanges }: EngineResult): SignatureError {
  const completion = exchanges.at(-1)?.response?.choices[0]?.text;
  return new SignatureError("output_invalid", `${name}: the model's answer breaks the signature. ${sentence(issues)}`, {
    signature: name,
    issues,
    values: outputs,
    ...(completion !== undefined && { completion }),
    remedy: "Set `repair: 1` to ask again with these issues.",
  });
}

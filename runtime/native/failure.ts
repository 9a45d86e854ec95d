/** A completion that could not be read, as the error users meet: which output, why, and the text itself. */
import { type Issue, SignatureError } from "../errors.ts";
import type { Signature } from "../signature.ts";
import type { ParseError } from "./parse-error.ts";

export function unreadable(error: ParseError, signature: Signature, completion: string): SignatureError {
  const all = signature.outputs.map(({ name }) => name);
  const names = error.field !== undefined ? [error.field] : error.missing.length > 0 ? error.missing : all;
  const issues: Issue[] = names.map((name) => ({
    path: [name],
    expected: signature.outputs.find((field) => field.name === name)?.type ?? "a value",
    received: error.field === undefined ? "nothing" : "text of another form",
    message: error.field === undefined ? `${name}: the completion has no such field.` : error.message,
  }));
  return new SignatureError(
    error.missing.length > 0 ? "output_missing" : "completion_unparsable",
    `${signature.name}: the model's answer cannot be read. ${error.message}`,
    {
      signature: signature.name,
      issues,
      values: error.parsed,
      completion,
      cause: error,
      remedy: 'Look at the completion on this error; a few demos, or adapter: "json", often help a model to keep to the format.',
    },
  );
}

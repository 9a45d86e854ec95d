/** What a worker reports as an error, as the error users catch. */

import { CancelledError } from "../ended.ts";
import { type DspexError, PoolError, PythonError, SignatureError } from "../errors.ts";
import type { Signature } from "../signature.ts";
import type { ErrorBody } from "./wire/messages.ts";

export function failureOf(body: ErrorBody, worker: number, pool: string, signature?: Signature): DspexError {
  const details = { errorType: body.type, traceback: body.traceback, worker };
  switch (body.kind) {
    case "cancelled":
      return new CancelledError("The call was cancelled.");
    case "call_closed":
      return new PoolError("call_closed", "The call had ended when its answer was asked for.", { pool, worker });
    case "completion_unparsable":
      return unreadable(body, signature);
    case "import":
      return new PythonError("python_import", `${body.message}.`, {
        ...details,
        remedy:
          "Name the folder that holds the module in the pool's pythonPath, and check that it imports in the project's Python environment.",
      });
    case "unserialisable":
      return new PythonError("unserialisable", `A value cannot pass between Python and TypeScript: ${body.message}.`, {
        ...details,
        remedy: "Return plain data: numbers, text, bytes, lists, dicts, datetimes, pydantic models.",
      });
    default:
      return new PythonError("python_exception", `${body.type}: ${firstParagraph(body.message)}`, details);
  }
}

/** What no adapter of DSPy's could read; the same error the native route gives. */
function unreadable({ message, details }: ErrorBody, signature: Signature | undefined): SignatureError {
  const completion = String(details?.completion ?? "");
  const missing = /Expected to find output fields in the LM response: \[([^\]]*)\]/.exec(message)?.[1]?.split(", ") ?? [];
  const field = /Failed to parse field (\w+)/.exec(message)?.[1];
  const names = field === undefined ? missing : [field];
  const name = signature?.name ?? "";
  return new SignatureError(
    field === undefined ? "output_missing" : "completion_unparsable",
    `${name}: the model's answer cannot be read. ${firstParagraph(message)}`,
    {
      signature: name,
      completion,
      issues: names.map((at) => ({
        path: [at],
        expected: signature?.outputs.find((output) => output.name === at)?.type ?? "a value",
        received: field === undefined ? "nothing" : "text of another form",
        message: field === undefined ? `${at}: the completion has no such field.` : firstParagraph(message),
      })),
      remedy: 'Look at the completion on this error; a few demos, or adapter: "json", often help a model to keep to the format.',
    },
  );
}

function firstParagraph(text: string): string {
  return text.split("\n\n", 1)[0]!.trim();
}

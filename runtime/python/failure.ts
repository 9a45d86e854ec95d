/** What a worker reports as an error, as the error users catch. */
import { CancelledError, type DspexError, PoolError, PythonError, SignatureError } from "../errors.ts";
import type { ErrorBody } from "./wire/messages.ts";

export function failureOf(body: ErrorBody, worker: number, pool: string): DspexError {
  const details = { errorType: body.type, traceback: body.traceback, worker };
  switch (body.kind) {
    case "cancelled":
      return new CancelledError("The call was cancelled.");
    case "call_closed":
      return new PoolError("call_closed", "The call had ended when its answer was asked for.", { pool, worker });
    case "completion_unparsable":
      return new SignatureError("completion_unparsable", firstParagraph(body.message), {
        completion: String(body.details?.completion ?? ""),
      });
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

function firstParagraph(text: string): string {
  return text.split("\n\n", 1)[0]!.trim();
}

/** A row of `differential/named_types.py`: a signature's text, its prompts, or a completion read by its type. */
import type { Json } from "../../conformance/json.ts";
import type { ParseSignature } from "../../conformance/layout.ts";
import { parseRow } from "../../conformance/parses.ts";
import { promptRow } from "../../conformance/prompts.ts";

export function namedTypeRow(row: Record<string, Json>, parse: ParseSignature): string | undefined {
  const failure = outcome(row, parse);
  return failure === undefined ? undefined : `${String(row.signature)} ${String(row.completion ?? "")}: ${failure}`;
}

function outcome(row: Record<string, Json>, parse: ParseSignature): string | undefined {
  if (row.kind === "signature") return parse(String(row.signature)) ? "accepted, where DSPy fails" : undefined;
  if (row.kind === "prompt") return promptRow(row, parse);
  const failure = parseRow(row, parse);
  // DSPy itself fails in other ways than by an unreadable answer: no schema to show, a name nobody declares.
  const broken = row.ok === false && !String(row.error_message).startsWith("AdapterParseError");
  return broken && failure?.startsWith("threw") ? undefined : failure;
}

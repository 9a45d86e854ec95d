/** What a type is read in: where mistakes go, and what stands beside the text. */
import type { TypeSpec } from "../../runtime/abi.ts";
import type { Report } from "../diagnostics/report.ts";
import type { Span } from "../source.ts";

export interface TypeContext {
  readonly report: Report;
  /** A `${...}` in a type's place: the type it stands for, or undefined after reporting why there is none. */
  readonly hole: (at: number, span: Span) => TypeSpec | undefined;
  /** Names given beside the text: `compileSignature(text, { types })`. */
  readonly named: (name: string) => TypeSpec | undefined;
  /** Inside quotes, where Python looks names up among DSPy's own: its builtins and imports, and few of ours. */
  readonly quoted?: true;
}

/**
 * What the compiler asks TypeScript's checker, as an interface: `checker.ts` answers through ts-morph, which is loaded
 * at the first question and never for a file that needs no types.
 */
import type { TypeSpec } from "../../runtime/abi.ts";
import type { Report } from "../diagnostics/report.ts";
import type { SourceFile, Span } from "../source.ts";
import type { ToolSite } from "./site.ts";
import type { ToolSpec } from "./tool-spec.ts";

export interface TypeReader {
  /** The `T` of `${type<T>()}`; undefined after reporting what of it has no place in a signature. */
  typeArgument(file: SourceFile, span: Span, report: Report): TypeSpec | undefined;
  tool(file: SourceFile, site: ToolSite, report: Report): ToolSpec | undefined;
  /** The types a Standard Schema takes and gives, printed; undefined where the expression is no such schema. */
  schema(file: SourceFile, expression: Span): { readonly input: string; readonly output: string } | undefined;
}

/** Thrown by `compileSignature`: the text of a signature is wrong. */
import type { Diagnostic } from "./diagnostics/diagnostic.ts";
import { printDiagnostic } from "./diagnostics/print.ts";

export class SignatureTextError extends Error {
  readonly code = "signature_text_invalid";
  readonly diagnostics: readonly Diagnostic[];
  constructor(diagnostics: readonly Diagnostic[]) {
    super(
      diagnostics
        .filter((d) => d.severity === "error")
        .map(printDiagnostic)
        .join("\n\n"),
    );
    this.name = "SignatureTextError";
    this.diagnostics = diagnostics;
  }
}

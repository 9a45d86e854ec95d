/** Thrown by `compileSignature`: the text of a signature is wrong. */
import { DspexError } from "dspex";
import type { Diagnostic } from "./diagnostics/diagnostic.ts";
import { printDiagnostic } from "./diagnostics/print.ts";

/** Code `signature_text_invalid`; the message is what `dspexc check` would print. */
export class SignatureTextError extends DspexError {
  override readonly name: string = "SignatureTextError";
  readonly diagnostics: readonly Diagnostic[];
  constructor(diagnostics: readonly Diagnostic[]) {
    const errors = diagnostics.filter((d) => d.severity === "error");
    super("signature_text_invalid", `The text is no signature.\n\n${errors.map(printDiagnostic).join("\n\n")}`);
    this.diagnostics = diagnostics;
  }
}

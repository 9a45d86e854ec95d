/** Diagnostics on their way to people: as text with the user's line and a caret, or as GitHub's annotations. */
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { githubLine } from "./format.ts";

export type Format = "text" | "github";

export async function printDiagnostics(diagnostics: readonly Diagnostic[], format: Format): Promise<void> {
  if (diagnostics.length === 0) return;
  if (format === "github") {
    process.stdout.write(`${diagnostics.map(githubLine).join("\n")}\n`);
    return;
  }
  const { printDiagnostic } = await import("../diagnostics/print.ts");
  process.stdout.write(`${diagnostics.map((diagnostic) => printDiagnostic(diagnostic)).join("\n\n")}\n\n`);
}

/** `2 errors, 1 warning.` */
export function summary(diagnostics: readonly Diagnostic[]): string {
  const count = (severity: string) => diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
  const parts = (["error", "warning"] as const).map((severity) => [count(severity), severity] as const).filter(([number]) => number > 0);
  return parts.length ? `${parts.map(([number, word]) => `${number} ${word}${number === 1 ? "" : "s"}`).join(", ")}.` : "No findings.";
}

/** TypeScript gives the literal of a bare tag no type of its own, so such a signature is loosely typed. */
import type { SignatureSite } from "../1-scan/site.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { fileReporter } from "../diagnostics/report.ts";

/** Remarks, or warnings when the project is strict. */
export function checkBareTags(sites: readonly SignatureSite[], strict: boolean): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const { kind, source, span } of sites) {
    if (kind !== "bareTag") continue;
    const tag = { start: span.start, end: source.offsets[0]! - 1 };
    fileReporter(source.file, found)("tag_bare", tag, "A bare tag is loosely typed: TypeScript cannot see the text of its literal.", {
      hint: "Write sig(`...`), or a named tag, sig.Name`...`.",
      severity: strict ? "warning" : "info",
    });
  }
  return found;
}

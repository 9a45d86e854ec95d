/** Names of tags across literals and files: one name, one text. */
import type { SignatureSite } from "../1-scan/site.ts";
import { codes } from "../diagnostics/codes.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";

/** `sites` of one file or of a whole project, in order; the first of a name is the one that counts. */
export function checkTags(sites: readonly SignatureSite[]): Diagnostic[] {
  const first = new Map<string, SignatureSite>();
  const found: Diagnostic[] = [];
  for (const site of sites) {
    if (site.kind !== "tag") continue;
    const earlier = first.get(site.name);
    if (!earlier) first.set(site.name, site);
    else if (textOf(earlier) !== textOf(site)) {
      found.push({
        code: "tag_duplicate",
        severity: codes.tag_duplicate.severity,
        message: `Two tags are named \`${site.name}\`, and their texts differ.`,
        file: site.source.file,
        span: site.span,
        hint: "Rename one, or export the first and use it here.",
        related: [{ message: "The other one is here.", file: earlier.source.file, span: earlier.span }],
      });
    }
  }
  return found;
}

const textOf = (site: SignatureSite): string => `${site.source.text}\0${site.holes.map((hole) => hole.text).join("\0")}`;

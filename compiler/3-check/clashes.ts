/** Names within a file: a tag has one text, a tool one function. Across files `6-bundle/project` asks the same. */
import type { SignatureSite, ToolSite } from "../1-scan/site.ts";
import type { Code } from "../diagnostics/codes.ts";
import { codes } from "../diagnostics/codes.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SourceFile, Span } from "../source.ts";

export function checkTags(sites: readonly SignatureSite[]): Diagnostic[] {
  const tags = sites.filter((site) => site.kind === "tag");
  const claims = tags.map((site) => ({
    name: site.name,
    span: site.span,
    content: `${site.source.text}\0${site.holes.map((hole) => hole.text).join("\0")}`,
  }));
  return clashes(
    "tag_duplicate",
    claims,
    tags[0]?.source.file,
    (name) => `Two tags are named \`${name}\`, and their texts differ.`,
    "Rename one, or export the first and use it here.",
  );
}

/** The same function may be a tool in several places; two functions of one name may not. */
export function checkTools(file: SourceFile, sites: readonly ToolSite[]): Diagnostic[] {
  const claims = sites.map((site) => ({
    name: site.name,
    span: site.span,
    content: file.text.slice(site.argument.start, site.argument.end),
  }));
  return clashes(
    "tool_duplicate",
    claims,
    file,
    (name) => `Two tools are named \`${name}\`, and a model calls tools by name.`,
    "Rename one.",
  );
}

interface Claim {
  readonly name: string;
  readonly span: Span;
  readonly content: string;
}

/** The first of a name is the one that counts. */
function clashes(
  code: Code,
  claims: readonly Claim[],
  file: SourceFile | undefined,
  message: (name: string) => string,
  hint: string,
): Diagnostic[] {
  const first = new Map<string, Claim>();
  const found: Diagnostic[] = [];
  for (const claim of claims) {
    const earlier = first.get(claim.name);
    if (!earlier) first.set(claim.name, claim);
    else if (file && earlier.content !== claim.content) {
      const related = [{ message: "The other one is here.", file, span: earlier.span }];
      found.push({ code, severity: codes[code].severity, message: message(claim.name), file, span: claim.span, hint, related });
    }
  }
  return found;
}

/** Names that must be one in a project: a tag has one text, a tool one declaration. */
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { SourceFile, Span } from "../../source.ts";
import type { CompiledFile } from "./generate.ts";

interface Claim {
  readonly name: string;
  readonly file: SourceFile;
  readonly span: Span;
  /** Equal contents may share a name. */
  readonly content: string;
}

/** With a prefix, every tag carries it: packages of one repository then never meet in a name. */
export function projectDiagnostics(files: readonly CompiledFile[], prefix = ""): readonly Diagnostic[] {
  const tags = files.flatMap(({ file, signatures }) =>
    signatures
      .filter((ir) => ir.site.kind === "tag")
      .map((ir): Claim => ({ name: ir.site.name, file, span: ir.site.span, content: ir.site.source.text })),
  );
  const tools = files
    .flatMap(({ file, tools }) =>
      tools.map((site): Claim => ({ name: site.name, file, span: site.span, content: `${file.path}:${site.span.start}` })),
    )
    .filter((claim) => claim.name);
  const bare = prefix === "" ? [] : tags.filter((claim) => !claim.name.startsWith(prefix));
  return [
    ...bare.map(
      ({ name, file, span }): Diagnostic => ({
        code: "tag_prefix",
        severity: "error",
        message: `The tag sig.${name} lacks this package's prefix, ${prefix}.`,
        file,
        span,
        hint: `Call it sig.${prefix}${name}.`,
      }),
    ),
    ...clashes(
      tags,
      "tag_duplicate",
      (name) => `The tag sig.${name} stands for two different signatures.`,
      "Give one of them another name, or make the texts equal.",
    ),
    ...clashes(
      tools,
      "tool_duplicate",
      (name) => `Two tools of this project are called ${name}.`,
      "Rename one of them: unbundled programs find a tool by its name.",
    ),
  ];
}

function clashes(claims: readonly Claim[], code: string, message: (name: string) => string, hint: string): Diagnostic[] {
  const first = new Map<string, Claim>();
  const found: Diagnostic[] = [];
  for (const claim of claims) {
    const known = first.get(claim.name);
    if (known === undefined) first.set(claim.name, claim);
    // Inside one file the scanner has said so already.
    else if (known.content !== claim.content && known.file.path !== claim.file.path) {
      found.push({
        code,
        severity: "error",
        message: message(claim.name),
        file: claim.file,
        span: claim.span,
        hint,
        related: [{ message: "First declared here.", file: known.file, span: known.span }],
      });
    }
  }
  return found;
}

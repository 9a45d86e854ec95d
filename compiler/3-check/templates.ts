/** Templates: their syntax, by the runtime's own parser, and their names, where what they may name is known. */
import { parseTemplate } from "dspex/internal";
import type { TemplateAst } from "../../runtime/abi.ts";
import type { TemplateSite } from "../1-scan/site.ts";
import type { Report } from "../diagnostics/report.ts";
import { didYouMean } from "../diagnostics/suggest.ts";

/** A template that can be printed as a function. */
export interface CheckedTemplate {
  readonly site: TemplateSite;
  readonly ast: TemplateAst;
}

/** `fields` are a signature's, by the name it is declared by; undefined for one that is declared elsewhere, which then only the program can check. */
export function checkTemplate(
  site: TemplateSite,
  fields: (name: string) => readonly string[] | undefined,
  report: Report,
): CheckedTemplate | undefined {
  const ast = parsed(site, report);
  if (!ast) return undefined;
  const known = site.known && ("signature" in site.known ? fields(site.known.signature) : site.known);
  if (site.known && !known) return undefined;
  const strange = known ? ast.names.filter(({ name }) => !known.includes(name)) : [];
  for (const { name, span } of strange) {
    report("template_unknown_name", span, `\`${name}\` is not among the names this template may use.`, {
      hint: didYouMean(name, known!) ?? `It may use ${known!.join(", ") || "none"}.`,
    });
  }
  return strange.length === 0 ? { site, ast } : undefined;
}

function parsed({ source }: TemplateSite, report: Report): TemplateAst | undefined {
  try {
    return parseTemplate(source.text);
  } catch (error) {
    const { code, span, message, remedy } = error as {
      code?: string;
      span?: { start: number; end: number };
      message: string;
      remedy?: string;
    };
    if (code !== "template_syntax" || !span) throw error;
    // The error's own place is for a program; here the diagnostic has it.
    const what = message.replace(/^Template, line \d+, column \d+: /, "").replace(remedy ? ` ${remedy}` : "", "");
    report("template_syntax", span, what[0]!.toUpperCase() + what.slice(1), { hint: remedy });
    return undefined;
  }
}

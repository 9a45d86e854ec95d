/** A file's text with its literals replaced where they stand. Everything else keeps its place, so the map is true. */
import MagicString, { type SourceMap } from "magic-string";
import type { ToolSite } from "../1-scan/site.ts";
import type { CheckedTemplate } from "../3-check/templates.ts";
import type { SignatureIr } from "../4-ir/ir.ts";
import { signatureExpression, slotExpressions } from "../5-emit/signature.ts";
import { templateExpression } from "../5-emit/template.ts";
import { toolArguments } from "../5-emit/tool.ts";
import type { Span } from "../source.ts";

export interface Rewritten {
  readonly code: string;
  /** In the order of the file. */
  readonly edits: readonly Edit[];
  /** Made when it is asked for: a bundler without source maps does not pay for one. */
  readonly map: () => SourceMap;
}

export interface Sites {
  readonly signatures: readonly SignatureIr[];
  readonly tools: readonly ToolSite[];
  readonly templates?: readonly CheckedTemplate[];
}

export interface RewriteOptions {
  /** Every line keeps its number, at the price of long lines: for a bundler that reads no source maps. */
  readonly keepLines?: boolean | undefined;
}

export function rewrite(
  path: string,
  text: string,
  { signatures, tools, templates = [] }: Sites,
  { keepLines = false }: RewriteOptions = {},
): Rewritten {
  const fit = (code: string, { start, end }: Span) => (keepLines ? onLines(code, text.slice(start, end)) : code);
  const abi = freeName("abi", text);
  const edits: Edit[] = [];
  for (const ir of signatures) {
    const { span, options } = ir.site;
    const expression = signatureExpression(ir.spec, {
      language: "js",
      abi,
      slots: slotExpressions(ir, abi),
      options: options && text.slice(options.start, options.end),
    });
    edits.push({ ...span, code: fit(expression, span) });
  }
  for (const { span, argument, options, spec } of tools) {
    if (!spec) continue;
    const rest = options ? `, ${text.slice(options.start, options.end)}` : "";
    const after = { start: argument.end, end: span.end };
    edits.push({ start: span.start, end: argument.start, code: `/* @__PURE__ */ ${abi}.defineTool(` });
    edits.push({ ...after, code: fit(`, ${toolArguments(spec, abi)}${rest})`, after) });
  }
  for (const { site, ast } of templates) {
    const code = `/* @__PURE__ */ ${templateExpression(ast, abi)}`;
    edits.push({ ...site.span, code: fit(code, site.span) });
  }
  edits.sort((a, b) => a.start - b.start);
  // At the end: an import may stand anywhere, a directive ("use client") only first, and no line moves.
  const tail = `\nimport * as ${abi} from "dspex/internal";\n`;
  return { code: applied(text, edits) + tail, edits, map: () => mapOf(path, text, edits, tail) };
}

/** What stands in a span of the file becomes `code`. */
export interface Edit extends Span {
  readonly code: string;
}

function applied(text: string, edits: readonly Edit[]): string {
  let out = "";
  let at = 0;
  for (const { start, end, code } of edits) {
    out += text.slice(at, start) + code;
    at = end;
  }
  return out + text.slice(at);
}

/** The same edits once more, by magic-string: its text is that of `applied`, and it knows where every piece came from. */
export function mapOf(path: string, text: string, edits: readonly Edit[], tail: string): SourceMap {
  const out = new MagicString(text, { filename: path });
  for (const { start, end, code } of edits) out.update(start, end, code);
  return out.append(tail).generateMap({ source: path, includeContent: true, hires: "boundary" });
}

/**
 * The code on as many lines as what it replaces. Joining is safe: generated code ends its statements and holds no
 * comment to the end of a line and no string over several. The line ends go before the last parenthesis, where they end nothing.
 */
function onLines(code: string, replaced: string): string {
  const joined = code.replace(/\n\s*/g, " ");
  return `${joined.slice(0, -1)}${"\n".repeat(replaced.split("\n").length - 1)}${joined.slice(-1)}`;
}

/** Python's names have no `$`, so no field can be called like this. */
function freeName(wanted: string, text: string): string {
  let name = wanted;
  // Nearly every file: the word does not stand in it at all.
  if (!text.includes(name)) return name;
  while (new RegExp(`(?<![\\w$])${name.replaceAll("$", "\\$")}(?![\\w$])`).test(text)) name += "$";
  return name;
}

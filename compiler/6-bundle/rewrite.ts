/** A file's text with its literals replaced where they stand. Everything else keeps its place, so the map is true. */
import MagicString, { type SourceMap } from "magic-string";
import type { ToolSite } from "../1-scan/site.ts";
import type { SignatureIr } from "../4-ir/ir.ts";
import { signatureExpression, slotExpressions } from "../5-emit/signature.ts";
import { toolArguments } from "../5-emit/tool.ts";

export interface Rewritten {
  readonly code: string;
  /** Made when it is asked for: a bundler without source maps does not pay for one. */
  readonly map: () => SourceMap;
}

export interface Sites {
  readonly signatures: readonly SignatureIr[];
  readonly tools: readonly ToolSite[];
}

export function rewrite(path: string, text: string, { signatures, tools }: Sites): Rewritten {
  const abi = freeName("abi", text);
  const out = new MagicString(text, { filename: path });
  for (const ir of signatures) {
    const { span, options } = ir.site;
    const expression = signatureExpression(ir.spec, {
      language: "js",
      abi,
      slots: slotExpressions(ir, abi),
      options: options && text.slice(options.start, options.end),
    });
    out.update(span.start, span.end, expression);
  }
  for (const { span, argument, options, spec } of tools) {
    if (!spec) continue;
    const rest = options ? `, ${text.slice(options.start, options.end)}` : "";
    out.update(span.start, argument.start, `/* @__PURE__ */ ${abi}.defineTool(`);
    out.update(argument.end, span.end, `, ${toolArguments(spec, abi)}${rest})`);
  }
  // At the end: an import may stand anywhere, a directive ("use client") only first, and no line moves.
  out.append(`\nimport * as ${abi} from "dspex/internal";\n`);
  return {
    code: out.toString(),
    map: () => out.generateMap({ source: path, includeContent: true, hires: "boundary" }),
  };
}

/** Python's names have no `$`, so no field can be called like this. */
function freeName(wanted: string, text: string): string {
  let name = wanted;
  while (new RegExp(`(?<![\\w$])${name.replaceAll("$", "\\$")}(?![\\w$])`).test(text)) name += "$";
  return name;
}

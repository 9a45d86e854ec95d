/** `template` and `renderTemplate`: text with holes, loops and conditions for data, without any code. */

import { didYouMean } from "../did-you-mean.ts";
import type { Signature } from "../signature.ts";
import type { TemplateAst } from "./ast.ts";
import { templateError } from "./error.ts";
import { parseTemplate } from "./parse.ts";
import { render } from "./render.ts";
import type { NamesIn, Template } from "./template.ts";
import type { Context } from "./value.ts";

export type { NamesIn, Template } from "./template.ts";

/**
 * A template known where it is written. Its names are checked against `known`: a list, or a signature, whose fields are
 * meant; without it, against the context of each call.
 */
export function template<const S extends string>(text: S, known?: readonly string[] | Signature): Template<NamesIn<S>> {
  const ast = parsed(text);
  if (known) checkNames(ast, isList(known) ? known : [...known.inputs, ...known.outputs].map(({ name }) => name));
  const names = Object.freeze(ast.names.map(({ name }) => name));
  return Object.assign((context: Context) => render(ast, context), { names }) as Template<NamesIn<S>>;
}

/** Text known only at run time, rendered at once. Template syntax inside a value of the context is data. */
export function renderTemplate(text: string, context: Context): string {
  return render(parsed(text), context);
}

const isList = (known: readonly string[] | Signature): known is readonly string[] => Array.isArray(known);

function checkNames(ast: TemplateAst, known: readonly string[]): void {
  for (const { name, span } of ast.names) {
    if (known.includes(name)) continue;
    const meant = didYouMean(name, known);
    const remedy = meant ? `Did you mean \`${meant}\`?` : `Known are ${known.join(", ") || "none"}.`;
    throw templateError("template_unknown_name", ast.text, span, `\`${name}\` is not known here.`, remedy);
  }
}

const cache = new Map<string, TemplateAst>();
const CACHED = 256;

/** The last few texts stay parsed: rendering the same text again is the usual case. */
function parsed(text: string): TemplateAst {
  if (typeof text !== "string") throw new TypeError(`A template is a string; this is ${text === null ? "null" : typeof text}.`);
  const found = cache.get(text);
  if (found) return found;
  const made = parseTemplate(text);
  if (cache.size >= CACHED) cache.delete(cache.keys().next().value!);
  cache.set(text, made);
  return made;
}

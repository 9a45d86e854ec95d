/**
 * What of `dspex.gen` needs no printing: a generated file names its content's hash in its first line, so a file on disk that
 * names the wanted hash, and whose content has it, is the text that would be printed.
 */
import { hash } from "node:crypto";
import { join } from "node:path";
import type { ModuleDeclaration } from "../../5-emit/declaration.ts";
import { HASH_DIGITS } from "../../5-emit/module.ts";
import type { Layout } from "./layout.ts";
import { read } from "./write.ts";

export function freshText(layout: Layout, path: string, { header }: ModuleDeclaration): string | undefined {
  const first = `// ${header[0]}\n`;
  const text = read(join(layout.output, path));
  if (!text?.startsWith(first)) return undefined;
  return first.endsWith(`:${hash("sha256", text.slice(first.length)).slice(0, HASH_DIGITS)}\n`) ? text : undefined;
}

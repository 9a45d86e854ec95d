/** oxc-parser, and its tree as far as the scanner looks: by node type and property name. Offsets are UTF-16 units of the file. */
import { type OxcError, parseSync, visitorKeys } from "oxc-parser";
import type { SourceFile } from "../source.ts";

export interface ESTree {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [property: string]: unknown;
}

export interface Parsed {
  readonly program: ESTree;
  readonly errors: readonly OxcError[];
}

/** Parentheses are not kept as nodes: a parenthesised expression is the expression. */
export function parseFile(file: SourceFile): Parsed {
  const parsed = parseSync(file.path, file.text, {
    lang: languageOf(file.path),
    sourceType: "module",
    astType: "ts",
    preserveParens: false,
  });
  return { program: parsed.program as unknown as ESTree, errors: parsed.errors };
}

function languageOf(path: string): "ts" | "tsx" | "js" | "jsx" | "dts" {
  if (/\.d\.[cm]?ts$/.test(path)) return "dts";
  if (/\.[cm]?ts$/.test(path)) return "ts";
  if (path.endsWith(".tsx")) return "tsx";
  return path.endsWith(".jsx") ? "jsx" : /\.[cm]?js$/.test(path) ? "jsx" : "ts";
}

/** The nodes directly under a node, in source order as far as the tree keeps it. */
export function* childrenOf(node: ESTree): Iterable<ESTree> {
  for (const key of visitorKeys[node.type] ?? []) {
    const child = node[key];
    if (Array.isArray(child)) {
      for (const item of child) if (item) yield item as ESTree;
    } else if (child) yield child as ESTree;
  }
}

/** What is left of an expression without `as T`, `satisfies T`, `<T>` and `!`. */
export function unwrap(node: ESTree): ESTree {
  let at = node;
  while (/^TS(?:As|Satisfies|NonNull|Instantiation)Expression$|^TSTypeAssertion$/.test(at.type)) at = at.expression as ESTree;
  return at;
}

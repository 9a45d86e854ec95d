/** oxc-parser, and its tree as far as the scanner looks: by node type and property name. Offsets are UTF-16 units of the file. */
import { type OxcError, type ParseResult, type ParserOptions, parseSync, rawTransferSupported, visitorKeys } from "oxc-parser";
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
  const options = { lang: languageOf(file.path), sourceType: "module", astType: "ts", preserveParens: false } as const;
  const { program, errors } = parseRaw(file, options) ?? parseSync(file.path, file.text, options);
  return { program: program as unknown as ESTree, errors };
}

/**
 * oxc's tree read from its own memory, not from JSON: measured nine times as fast. It wants 6 GiB of address space (no
 * memory), which a few systems refuse; then, and where the option is not supported, the plain way answers the same.
 */
function parseRaw(file: SourceFile, options: ParserOptions): Pick<ParseResult, "program" | "errors"> | undefined {
  if (!raw.works) return undefined;
  try {
    const { program, errors } = parseSync(file.path, file.text, { ...options, experimentalRawTransfer: true } as ParserOptions);
    return { program, errors };
  } catch (error) {
    // A file nested too deep for this way says nothing of the next file.
    if (!/call stack/.test(String(error))) raw.works = false;
    return undefined;
  }
}

/** Changes no answer, only how it comes. */
const raw: { works: boolean } = { works: rawTransferSupported() };

function languageOf(path: string): "ts" | "tsx" | "js" | "jsx" | "dts" {
  if (/\.d\.[cm]?ts$/.test(path)) return "dts";
  if (/\.[cm]?ts$/.test(path)) return "ts";
  if (path.endsWith(".tsx")) return "tsx";
  return path.endsWith(".jsx") ? "jsx" : /\.[cm]?js$/.test(path) ? "jsx" : "ts";
}

/** The properties of a node that hold nodes with values in them: no types, whose names are never uses of a value. */
export function childKeys(type: string): readonly string[] {
  let keys = valueKeys.get(type);
  if (!keys) {
    keys = /^TS(?:Interface|TypeAlias|Declare|Import)/.test(type) ? [] : (visitorKeys[type] ?? []).filter((key) => !TYPES.has(key));
    valueKeys.set(type, keys);
  }
  return keys;
}

const TYPES: ReadonlySet<string> = new Set([
  "typeAnnotation",
  "returnType",
  "typeParameters",
  "typeArguments",
  "superTypeArguments",
  "implements",
]);
const valueKeys = new Map<string, readonly string[]>();

/** What is left of an expression without `as T`, `satisfies T`, `<T>` and `!`. */
export function unwrap(node: ESTree): ESTree {
  let at = node;
  while (/^TS(?:As|Satisfies|NonNull|Instantiation)Expression$|^TSTypeAssertion$/.test(at.type)) at = at.expression as ESTree;
  return at;
}

/**
 * What `1-scan` finds in a file: every expression the compiler must replace. Spans are offsets into the file as it
 * was read (UTF-16 units, end exclusive); `source` holds the cooked text the grammar reads.
 */
import type { Source, Span } from "../source.ts";
import type { ToolSpec } from "./tool-spec.ts";

/**
 * How a signature was written:
 * `sig("...")` or ``sig(`...`)`` is a call, `signature("...", {...})` the seed's spelling of it, ``sig.Triage`...` ``
 * a tag, ``sig`...` `` a bare tag.
 */
type SignatureForm = "call" | "signature" | "tag" | "bareTag";

export interface SignatureSite {
  readonly kind: SignatureForm;
  /** The tag's name, else `{ name: "..." }` of the options, else the declaration's (`const Triage = sig(...)`), else `Signature`. */
  readonly name: string;
  /** The text between the quotes, with constant holes folded and every other hole as one `HOLE` unit. */
  readonly source: Source;
  /** The whole expression: what the emitted code replaces. */
  readonly span: Span;
  /** The literal with its quotes: what the editor's live parser reads. Absent where the text was folded from several literals. */
  readonly literal: Span | undefined;
  readonly holes: readonly Hole[];
  /** The second argument of a call, `{ name, metadata }`; the emitted code passes it on as it stands. */
  readonly options: Span | undefined;
  /** `const Triage = sig(...)`: what it is called, and whether the module exports it under which name. */
  readonly declaration: Declaration | undefined;
}

export interface Declaration {
  readonly name: string;
  /** The exported name (`default` included), absent when the declaration stays inside its module. */
  readonly exported: string | undefined;
  /** At the top level of the module: only such a declaration can be spliced, or named by `dspex.gen`. */
  readonly topLevel: boolean;
  /** The whole statement, `export const Triage = sig(...);` */
  readonly statement: Span;
}

/** The unit that stands for an interpolation in cooked text (OBJECT REPLACEMENT CHARACTER). The scanner knows which of them are holes. */
export const HOLE = "\uFFFC";

/**
 * An interpolation that is not a constant. Whether it is a field type or splices another signature follows from
 * where it stands, so the grammar decides; the scanner says only what the expression is.
 */
export interface Hole {
  readonly index: number;
  /** Where its `HOLE` unit stands in `source.text`. */
  readonly at: number;
  /** `${...}` with its braces. */
  readonly span: Span;
  /** The expression between them. */
  readonly expression: Span;
  /** The expression as written. */
  readonly text: string;
  /** `type<T>()`: the span of `T`. */
  readonly typeArgument: Span | undefined;
  /** `${Base}`, `${Base.inputs}`: a plain name, and the side asked for. */
  readonly reference: { readonly name: string; readonly side: "inputs" | "outputs" | undefined } | undefined;
}

/** `tool(fn)`, `tool(fn, options)`. */
export interface ToolSite {
  readonly kind: "tool";
  /** The declaration's name or the function's own. Empty for an anonymous tool, which is a diagnostic. */
  readonly name: string;
  readonly span: Span;
  /** The function argument; the emitted code wraps it where it stands. */
  readonly argument: Span;
  readonly options: Span | undefined;
  readonly declaration: Declaration | undefined;
  /** Filled by the checker; absent when the types were not asked for or could not be read. */
  readonly spec: ToolSpec | undefined;
}

/** `template("...")`, `template("...", names)`, whose text is known at build time; any other is parsed when it runs. */
export interface TemplateSite {
  readonly kind: "template";
  readonly source: Source;
  /** The whole call: what the emitted code replaces. */
  readonly span: Span;
  /** What the second argument says the template may name: the names themselves, or a signature by the name it is declared by. */
  readonly known: readonly string[] | { readonly signature: string } | undefined;
}

/** Everything of one file. Sites stand in source order and never overlap, except that a tool's function may contain sites. */
export interface Scan {
  readonly signatures: readonly SignatureSite[];
  readonly tools: readonly ToolSite[];
  readonly templates: readonly TemplateSite[];
  /** Names the module imports, for `${Other}` declared in another file. */
  readonly imports: ReadonlyMap<string, { readonly specifier: string; readonly imported: string }>;
}

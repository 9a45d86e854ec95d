/** What the registry and the index need to know of one file: plain data, so that it can be kept beside the file's text. */
import { docLines } from "./declaration.ts";
import { isIdentifier } from "./literal.ts";
import type { FileModule, GeneratedSignature } from "./module.ts";
import { registeredText } from "./registered-text.ts";

export interface FileEntries {
  readonly signatures: readonly SignatureEntry[];
  readonly tools: readonly ToolEntry[];
}

export interface SignatureEntry {
  /** The constant its module exports. */
  readonly export: string;
  /** The name, of a tag. */
  readonly tag?: string | undefined;
  /** The text by which TypeScript finds the type of what is no tag; absent where it finds none. */
  readonly text?: string | undefined;
  /** The text that stands there at run time. */
  readonly registered: string;
  readonly arrow?: readonly string[] | undefined;
  readonly inputs: EntryType;
  readonly outputs: EntryType;
  readonly doc?: string | undefined;
}

/** An interface of the module, and what stands for it where the module is not read. */
export interface EntryType {
  readonly name: string;
  /** `classes` are those of the runtime that `type` names. */
  readonly inline?: { readonly type: string; readonly classes: readonly string[] };
}

export interface ToolEntry {
  readonly name: string;
  readonly export: string;
}

/** `text` is the source file's: tags are registered by the text they hand over at run time. */
export function fileEntries(file: FileModule, text: string): FileEntries {
  return {
    signatures: file.signatures.map((signature) => signatureEntry(file, signature, text)),
    tools: file.tools.map(({ site, export: name }) => ({ name: site.name, export: name })),
  };
}

function signatureEntry(file: FileModule, { ir, export: name, inputs, outputs }: GeneratedSignature, text: string): SignatureEntry {
  const { site, spec } = ir;
  const { text: registered, arrow } = registeredText(ir, text);
  // A bare tag has no literal type to look up, and a folded text is no literal for TypeScript.
  const isLiteral = site.kind !== "tag" && site.kind !== "bareTag" && site.holes.length === 0;
  return {
    export: name,
    tag: site.kind === "tag" ? site.name : undefined,
    text: isLiteral ? site.source.text : undefined,
    registered,
    arrow,
    inputs: entryType(file, inputs),
    outputs: entryType(file, outputs),
    doc: spec.docstring,
  };
}

/**
 * An interface as an object type, so that the registry stands alone: a project that takes in `registry.d.ts` and nothing
 * else of `dspex.gen` has its types without reading the generated code (a third of tsc's time on 1,000 signatures).
 * By its name alone where a field's type is an interface of its own, which may hold itself.
 */
function entryType({ module }: FileModule, name: string): EntryType {
  const interfaces = module.statements.filter((statement) => statement.kind === "interface");
  const found = interfaces.find((declaration) => declaration.name === name);
  const names = interfaces.map((declaration) => declaration.name);
  if (!found || found.members.some(({ type }) => mentions(type, names))) return { name };
  const classes = CLASSES.filter((known) => found.members.some(({ type }) => mentions(type, [known])));
  const fields = found.members.map(({ name: field, optional, type, doc }) => {
    const comment = doc ? `/** ${docLines(doc).join(" ")} */ ` : "";
    return `${comment}${isIdentifier(field) ? field : JSON.stringify(field)}${optional ? "?" : ""}: ${type}`;
  });
  return { name, inline: { type: fields.length ? `{ ${fields.join("; ")} }` : "{}", classes } };
}

/** Classes of the runtime a field's type may name. */
const CLASSES = ["History", "Image"];
/** Texts apart, in which a name is no name. */
const mentions = (type: string, names: readonly string[]): boolean =>
  (type.replace(/"(?:[^"\\]|\\.)*"/g, "").match(/[\p{ID_Start}_$][\p{ID_Continue}$]*/gu) ?? []).some((word) => names.includes(word));

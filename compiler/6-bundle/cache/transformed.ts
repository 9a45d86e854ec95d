/**
 * One file's transformation as a record, by the content of the file: the text that came out as bytes, and beside it where
 * it was changed, so that a source map can still be made, what was found, and the hashes that CI compares.
 */
import { hash } from "node:crypto";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { SourceFile, Span } from "../../source.ts";
import { type Edit, mapOf } from "../rewrite.ts";
import type { Transformed } from "../transform.ts";
import type { Store, StoredRecord } from "./store.ts";

/** What of a transformation a build uses. */
export interface Kept {
  readonly code: () => string;
  /** `code` as UTF-8. */
  readonly bytes: Uint8Array;
  readonly map: Transformed["map"];
  readonly diagnostics: readonly Diagnostic[];
  /** Of its signatures, and where the first one stands. */
  readonly hashes: readonly string[];
  readonly first: Span | undefined;
}

type Finding = Omit<Diagnostic, "file" | "related"> & { readonly related?: readonly { readonly message: string; readonly span: Span }[] };

interface Meta {
  /** Start, end and the new text's length, for each edit in order. Absent: nothing of ours is in the file. */
  readonly edits?: readonly number[];
  readonly hashes: readonly string[];
  readonly first?: Span | undefined;
  readonly findings: readonly Finding[];
}

/** Undefined where the text has no bytes of its own: half a surrogate pair and U+FFFD would be one key. */
export function keyOf(path: string, text: string | Uint8Array, options: readonly unknown[]): string | undefined {
  if (typeof text === "string" && !text.isWellFormed()) return undefined;
  // A path says which language a file is in, and nothing else.
  const language = /(?:\.d)?\.[cm]?[jt]sx?$/.exec(path)?.[0] ?? "";
  return `${language} ${JSON.stringify(options)} ${hash("sha256", text, "base64url")}`;
}

export function keep(store: Store, key: string, file: SourceFile, made: (Kept & { readonly edits: readonly Edit[] }) | undefined): void {
  if (!made) {
    store.set(key, { meta: { hashes: [], findings: [] } satisfies Meta, body: new Uint8Array() });
    return;
  }
  const here = (place: { readonly file: SourceFile }) => place.file.path === file.path;
  const sound = (found: Diagnostic) => found.severity !== "error" && here(found) && (found.related ?? []).every(here);
  if (!made.diagnostics.every(sound) || !made.code().isWellFormed()) return;
  const findings = made.diagnostics.map(
    ({ file: _, related, ...found }): Finding => ({
      ...found,
      ...(related ? { related: related.map(({ message, span }) => ({ message, span })) } : {}),
    }),
  );
  const edits = made.edits.flatMap(({ start, end, code }) => [start, end, code.length]);
  store.set(key, { meta: { edits, hashes: made.hashes, first: made.first, findings } satisfies Meta, body: made.bytes });
}

/** `text` is asked for only where a place or a map is. `null` says: known, and nothing of ours. */
export function recall({ meta, body }: StoredRecord, path: string, text: () => string): Kept | null {
  const { edits, hashes, first, findings } = meta as Meta;
  if (!edits) return null;
  let decoded: string | undefined;
  const code = () => (decoded ??= Buffer.from(body.buffer, body.byteOffset, body.length).toString());
  const file = findings.length ? { path, text: text() } : undefined;
  return {
    code,
    bytes: body,
    map: () => mapOf(path, text(), ...cut(code(), text().length, edits)),
    diagnostics: findings.map(({ related, ...found }) => ({
      ...found,
      file: file!,
      ...(related ? { related: related.map((note) => ({ ...note, file: file! })) } : {}),
    })),
    hashes,
    first,
  };
}

/** The edits with their texts, and what stands behind the file's own end, cut out of the result. */
function cut(code: string, length: number, numbers: readonly number[]): [edits: Edit[], tail: string] {
  const edits: Edit[] = [];
  let from = 0;
  let at = 0;
  for (let i = 0; i < numbers.length; i += 3) {
    const [start, end, written] = numbers.slice(i, i + 3) as [number, number, number];
    at += start - from;
    edits.push({ start, end, code: code.slice(at, at + written) });
    at += written;
    from = end;
  }
  return [edits, code.slice(at + length - from)];
}

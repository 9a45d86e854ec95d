/** One file's generated module as a record: its text as bytes, and beside it what the registry and the index take of it. */
import type { FileEntries } from "../../5-emit/entries.ts";
import type { Store } from "./store.ts";

export interface GeneratedFile {
  readonly text: string;
  readonly entries: FileEntries;
}

export function keepGenerated(store: Store, key: string, { text, entries }: GeneratedFile): void {
  if (text.isWellFormed()) store.set(key, { meta: entries, body: Buffer.from(text) });
}

export function recallGenerated(store: Store, key: string): GeneratedFile | undefined {
  const record = store.get(key);
  if (!record) return undefined;
  const { buffer, byteOffset, length } = record.body;
  return { text: Buffer.from(buffer, byteOffset, length).toString(), entries: record.meta as FileEntries };
}

/** One file's compilation as a record: what `dspexc` needs of it, whole, as V8 writes values (places are typed arrays, and -0 is no 0). */
import { deserialize, serialize } from "node:v8";
import type { CompiledFile } from "../../compile.ts";
import type { Store } from "./store.ts";

/** Errors are found again in every run: a file that has some is about to change. */
export function keepCompiled(store: Store, key: string, compiled: CompiledFile): void {
  if (compiled.diagnostics.some((found) => found.severity === "error")) return;
  const { signatures, tools, templates, diagnostics, file } = compiled;
  store.set(key, { meta: null, body: serialize({ file, signatures, tools, templates, diagnostics }) });
}

export function recallCompiled(store: Store, key: string): CompiledFile | undefined {
  const record = store.get(key);
  return record && (deserialize(record.body) as CompiledFile);
}

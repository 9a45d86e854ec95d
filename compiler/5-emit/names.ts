/** Names inside one generated function: a field's own name where JavaScript allows it, else one like it. */
import { isIdentifier } from "./literal.ts";

/** Reserved in modules, or read by the generated code itself. */
export const RESERVED: ReadonlySet<string> = new Set(
  (
    "abi issues slots path value arguments await break case catch class const continue debugger default delete do else enum eval export extends " +
    "false finally for function if implements import in instanceof interface let new null package private protected public return static super " +
    "switch this throw true try typeof undefined var void while with yield Array Date Number Object Set Uint8Array"
  ).split(" "),
);

export class Names {
  readonly #taken = new Set<string>();

  /** A free name like `wanted`; it is taken from now on. */
  fresh(wanted: string): string {
    let name = isIdentifier(wanted) ? wanted : wanted.replace(/[^\p{ID_Continue}$]/gu, "_").replace(/^(?!\p{ID_Start})/u, "_");
    while (RESERVED.has(name) || this.#taken.has(name)) name += "_";
    this.#taken.add(name);
    return name;
  }

  /** Names of a block: free again after it. */
  within<T>(wanted: readonly string[], write: (names: readonly string[]) => T): T {
    const names = wanted.map((name) => this.fresh(name));
    const written = write(names);
    for (const name of names) this.#taken.delete(name);
    return written;
  }
}

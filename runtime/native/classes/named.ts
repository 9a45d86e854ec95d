/** What the engine knows of a class that a signature names: its JSON Schema, and how a value becomes one of it. */
import type { State } from "../coerce/state.ts";
import type { PyValue } from "../python/value.ts";

export interface NamedClass {
  /** In pydantic's words; absent where pydantic has none, so that DSPy cannot ask a model for it either. */
  readonly schema?: Readonly<Record<string, unknown>>;
  readonly read: (value: PyValue, state: State) => PyValue;
}
export type NamedClasses = Readonly<Record<string, NamedClass>>;

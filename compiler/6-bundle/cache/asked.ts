/** Notices that a compilation asked about another file: what its own text does not decide is compiled in every run. */
import type { TypeReader } from "../../1-scan/types.ts";
import type { CompileOptions } from "../../compile.ts";

export interface Asking {
  readonly load: NonNullable<CompileOptions["load"]>;
  readonly types: TypeReader;
  /** Whether `load` or `types` was asked. */
  readonly asked: () => boolean;
}

export function noticing({ load, types }: Pick<Asking, "load" | "types">): Asking {
  let asked = false;
  const note = <A extends unknown[], R>(ask: (...args: A) => R): ((...args: A) => R) => {
    return (...args) => {
      asked = true;
      return ask(...args);
    };
  };
  return {
    load: note(load),
    types: { typeArgument: note(types.typeArgument), tool: note(types.tool), schema: note(types.schema) },
    asked: () => asked,
  };
}

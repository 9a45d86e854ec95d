/** What a Python expression in a type's place evaluates to. DSPy evaluates such expressions; so do `types.ts` and `literals.ts`. */
import type { Constant, TypeSpec } from "../../runtime/abi.ts";
import type { TypeName } from "./type-names.ts";

export type Value =
  | { readonly kind: "type"; readonly type: TypeSpec }
  /** A name of the table that has not got its arguments. */
  | { readonly kind: "name"; readonly name: string; readonly meaning: TypeName }
  /** A constant; `none` is kept apart from the type NoneType, because DSPy orders unions by it. */
  | { readonly kind: "constant"; readonly value: Constant }
  | { readonly kind: "ellipsis" }
  | { readonly kind: "tuple"; readonly items: readonly Value[] };

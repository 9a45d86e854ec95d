/** `${type<Invoice>()}` in a literal: a TypeScript type, which the compiler reads and nothing is left of. */

export interface TypeHole<T> {
  /** Types only; never present at run time. */
  readonly "~type"?: T;
}

const hole: TypeHole<never> = /* @__PURE__ */ Object.freeze({ [Symbol.toStringTag]: "type" }) as TypeHole<never>;

export function type<T>(): TypeHole<T> {
  return hole as TypeHole<T>;
}

/** Where meta stands in a prediction that has an output called `meta`. Apart from `meta.ts`, so that a bundle without `meta()` loads this with the first call. */
export const META: unique symbol = /* @__PURE__ */ Symbol.for("dspex.meta") as never;

/**
 * The signal of a call that nothing limits. It never aborts, so whoever would listen to it need not: a listener that is
 * added and taken away costs a call more than its validation.
 */
export const never: AbortSignal = /* @__PURE__ */ new AbortController().signal;

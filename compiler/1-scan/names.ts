/** Names of tags: which are taken by every function, and so can never be a tag of `sig`. */
const OWN = [
  ...Object.getOwnPropertyNames(Function.prototype),
  ...Object.getOwnPropertyNames(Object.prototype),
  ...Object.getOwnPropertyNames(() => {}),
  "prototype",
  "arguments",
  "caller",
  "then",
];

export const RESERVED_TAGS: ReadonlySet<string> = new Set(OWN);

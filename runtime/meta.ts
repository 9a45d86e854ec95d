/** How calls went, by their predictions: apart from them, because a prediction's properties are its outputs. */
import type { Meta } from "./module-types.ts";

const metas = new WeakMap<object, Meta>();

/** How the call that made this prediction went. */
export function meta(prediction: object): Meta {
  const found = metas.get(prediction);
  if (!found) throw new TypeError("meta() takes a Prediction, as a module returns it; a copy of one has lost its meta.");
  return found;
}

export function setMeta(prediction: object, about: Meta): void {
  metas.set(prediction, about);
}

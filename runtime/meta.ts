/** How calls went, by their predictions: apart from them, because a prediction's properties are its outputs. */
import { META } from "./meta-key.ts";
import type { Meta } from "./module-types.ts";

/** How the call that made this prediction went. */
export function meta(prediction: object): Meta {
  const own = (key: PropertyKey) => Object.getOwnPropertyDescriptor(Object(prediction), key);
  const found = own(META) ?? own("meta");
  if (!found || found.enumerable)
    throw new TypeError("meta() takes a Prediction, as a module returns it; a copy of one has lost its meta.");
  return found.value;
}

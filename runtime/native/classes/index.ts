/** Classes by the name a signature gives them. */
import { ABSTRACT, VARIABLE } from "./abstract.ts";
import { ADDRESSES } from "./address.ts";
import { ANNOTATED } from "./annotated.ts";
import { DISK } from "./disk.ts";
import { FRACTIONS } from "./fraction.ts";
import { MOMENTS } from "./moment.ts";
import type { NamedClass, NamedClasses } from "./named.ts";
import { PATHS } from "./path.ts";
import { PYDANTIC } from "./pydantic.ts";
import { URLS } from "./url.ts";
import { UUIDS } from "./uuid.ts";

const CLASSES: NamedClasses = {
  ...ABSTRACT,
  ...ANNOTATED,
  ...ADDRESSES,
  ...DISK,
  ...FRACTIONS,
  ...MOMENTS,
  ...PATHS,
  ...PYDANTIC,
  ...URLS,
  ...UUIDS,
};

/** `typing`'s own variables: `list[T]` is a list of anything. */
const VARIABLES = /^(?:T|KT|VT|T_co|V_co|VT_co|T_contra)$/;
export const isVariable = (name: string): boolean => VARIABLES.test(name) || name === "AnyStr" || name === "CT_co";

export function namedClass(name: string): NamedClass | undefined {
  if (/^(?:ForwardRef\(|['"])/.test(name)) return ABSTRACT.forward;
  if (VARIABLES.test(name)) return VARIABLE;
  return Object.hasOwn(CLASSES, name) ? CLASSES[name] : undefined;
}

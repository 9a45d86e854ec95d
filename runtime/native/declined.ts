/** Types the native engine leaves to Python; the README lists them with reasons. */
import type { TypeSpec } from "../spec.ts";
import { declinedClass } from "./classes/declined.ts";

/** A hole whose schema nobody filled in, where there is nothing to show the model, and paths whose rule is what the disk holds. */
export function declined(type: TypeSpec | "ellipsis"): string | undefined {
  if (typeof type === "string") return undefined;
  switch (type.kind) {
    case "generic":
      return first(type.args);
    case "union":
      return first(type.members);
    case "model":
      return first(type.fields.map((field) => field.type));
    case "class":
      return declinedClass(type.name);
    case "slot":
      return `${type.text} is a schema whose JSON Schema is not known at run time`;
    default:
      return undefined;
  }
}

function first(types: readonly (TypeSpec | "ellipsis")[]): string | undefined {
  for (const type of types) {
    const reason = declined(type);
    if (reason) return reason;
  }
  return undefined;
}

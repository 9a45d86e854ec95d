/** A type with its slots replaced: a spliced field brings its schemas with it, under new numbers. */
import type { TypeSpec } from "../../runtime/abi.ts";

export function mapSlots(type: TypeSpec, slot: (index: number) => TypeSpec): TypeSpec {
  if (typeof type === "string") return type;
  switch (type.kind) {
    case "slot":
      return slot(type.index);
    case "generic":
      return { ...type, args: type.args.map((arg) => (arg === "ellipsis" ? arg : mapSlots(arg, slot))) };
    case "union":
      return { ...type, members: type.members.map((member) => mapSlots(member, slot)) };
    case "model":
      return { ...type, fields: type.fields.map((field) => ({ ...field, type: mapSlots(field.type, slot) })) };
    default:
      return type;
  }
}

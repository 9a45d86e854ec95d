/** `Literal[...]`: its members, flattened and without repeats, in the order of writing. */
import type { Constant, TypeSpec } from "../../runtime/abi.ts";
import type { Report } from "../diagnostics/report.ts";
import type { Span } from "../source.ts";
import { constantKey } from "./constants.ts";
import type { Value } from "./value.ts";

export function literalType(members: readonly Value[], span: Span, report: Report): TypeSpec | undefined {
  const values = new Map<string, Constant>();
  const add = (value: Constant) => {
    const key = constantKey(value);
    if (!values.has(key)) values.set(key, value);
  };
  const visit = (member: Value): void => {
    if (member.kind === "constant") add(member.value);
    else if (member.kind === "ellipsis") add({ repr: "Ellipsis" });
    else if (member.kind === "tuple") member.items.forEach(visit);
    else if (member.kind === "type" && typeof member.type === "object" && member.type.kind === "literal") member.type.values.forEach(add);
    else {
      const text =
        member.kind === "type" ? objectRepr(member.type) : member.meaning.bare ? objectRepr(member.meaning.bare) : `typing.${member.name}`;
      report("literal_member", span, `\`${text}\` in a Literal is that class itself, not a value of it.`, {
        hint: "Write the values, in quotes if they are texts.",
      });
      add({ repr: text });
    }
  };
  members.forEach(visit);
  if (values.size === 0) {
    report("type_arguments", span, "A Literal needs at least one value.", { hint: "For example `Literal['yes', 'no']`." });
    return undefined;
  }
  return { kind: "literal", values: [...values.values()] };
}

/** What Python prints for a type object: DSPy shows it in prompts. */
function objectRepr(type: TypeSpec): string {
  if (typeof type === "string") return type === "any" ? "typing.Any" : `<class '${type === "none" ? "NoneType" : type}'>`;
  switch (type.kind) {
    case "class":
      return type.name.startsWith("ForwardRef(") ? type.name : `<class '${type.name}'>`;
    case "union":
      return `typing.Union[${type.members.map((m) => (typeof m === "string" ? (m === "none" ? "NoneType" : m) : objectRepr(m))).join(", ")}]`;
    case "generic":
      return `${type.of}[${type.args.map((a) => (typeof a === "string" ? a : objectRepr(a))).join(", ")}]`;
    default:
      return "object";
  }
}

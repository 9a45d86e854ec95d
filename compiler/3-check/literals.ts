/** `Literal[...]`: its members without repeats, in the order of writing; another Literal among them is its members. */
import type { Constant, TypeSpec } from "../../runtime/abi.ts";
import type { Report } from "../diagnostics/report.ts";
import type { Span } from "../source.ts";
import { constantText, tupleText } from "./constant-text.ts";
import { constantKey } from "./constants.ts";
import type { Value } from "./value.ts";

export function literalType(members: readonly Value[], span: Span, report: Report): TypeSpec | undefined {
  const values = new Map<string, Constant>();
  const add = (value: Constant) => {
    const key = constantKey(value);
    if (!values.has(key)) values.set(key, value);
  };
  for (const member of members) {
    if (member.kind === "constant") {
      if (typeof member.value === "string" && /\p{Cs}/u.test(member.value)) {
        report("literal_member", span, "A text in this Literal holds half of a character, which no model can answer with.", {
          severity: "error",
          hint: "Write the character itself.",
        });
      }
      add(member.value);
    } else if (member.kind === "ellipsis") add({ repr: "Ellipsis" });
    else if (member.kind === "type" && typeof member.type === "object" && member.type.kind === "literal") member.type.values.forEach(add);
    else {
      const text = memberText(member);
      report(
        "literal_member",
        span,
        member.kind === "tuple"
          ? `\`${text}\` in a Literal is one value, the tuple itself.`
          : `\`${text}\` in a Literal is that class itself, not a value of it.`,
        { hint: member.kind === "tuple" ? "Write its values without parentheses." : "Write the values, in quotes if they are texts." },
      );
      add({ repr: text });
    }
  }
  if (values.size === 0) {
    report("type_arguments", span, "A Literal needs at least one value.", { hint: "For example `Literal['yes', 'no']`." });
    return undefined;
  }
  return { kind: "literal", values: [...values.values()] };
}

/** A member as Python's `repr` writes it. */
function memberText(member: Value): string {
  switch (member.kind) {
    case "constant":
      return constantText(member.value);
    case "ellipsis":
      return "Ellipsis";
    case "tuple":
      return tupleText(member.items.map(memberText));
    case "type":
      return objectRepr(member.type);
    case "name":
      return member.meaning.bare ? objectRepr(member.meaning.bare) : `typing.${member.name}`;
  }
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

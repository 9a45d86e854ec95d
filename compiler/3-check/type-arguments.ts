/** Names with their arguments: `list[str]`, `Union[int, None]`, `Literal['a']`, `Callable[..., int]`. */
import type { TypeSpec } from "../../runtime/abi.ts";
import type { ExpressionNode, SubscriptNode } from "../2-parse/ast.ts";
import type { Report } from "../diagnostics/report.ts";
import { literalType } from "./literals.ts";
import type { Form, GenericRule } from "./type-names.ts";
import { unionOf } from "./unions.ts";
import type { Value } from "./value.ts";

/** An argument as a type, or undefined after reporting why it is none. */
type TypeOf = (value: Value, node: ExpressionNode) => TypeSpec | undefined;

export function genericType(
  name: string,
  rule: GenericRule,
  node: SubscriptNode,
  items: readonly ExpressionNode[],
  values: readonly Value[],
  typeOf: TypeOf,
  report: Report,
): Value | undefined {
  if ((values.length < rule.min && !(rule.or0 && values.length === 0)) || values.length > rule.max) {
    const wanted = rule.min === rule.max || rule.max === Number.POSITIVE_INFINITY ? `${rule.min}` : `${rule.min} to ${rule.max}`;
    report(
      "type_arguments",
      node.index.span,
      `\`${name}\` takes ${wanted} type argument${rule.min === 1 ? "" : "s"}, not ${values.length}.`,
      {
        hint: rule.min === 2 ? `Write the key's type and the value's: \`${name}[str, int]\`.` : undefined,
      },
    );
    return undefined;
  }
  const args: (TypeSpec | "ellipsis")[] = [];
  for (const [i, value] of values.entries()) {
    if (value.kind === "ellipsis" && rule.of === "tuple") {
      if (i === 1 && values.length === 2) {
        args.push("ellipsis");
        continue;
      }
      report("type_arguments", items[i]!.span, "`...` says that a tuple holds any number of one type.", {
        hint: "Write `tuple[int, ...]`.",
      });
      return undefined;
    }
    const type = typeOf(value, items[i]!);
    if (type === undefined) return undefined;
    // `list[None]` prints `None`, `list[NoneType]` and `List[None]` print `NoneType`: a union of one keeps them apart.
    const isConstant = value.kind === "constant" && value.value === null && !rule.typing;
    args.push(type === "none" && !isConstant ? { kind: "union", members: ["none"] } : rule.typing ? type : textual(type));
  }
  if (rule.of === "type" && !isClass(args[0]!)) {
    report("type_arguments", items[0]!.span, `\`${name}\` takes a class, which a type with arguments is not.`, { hint: "Write `str`." });
    return undefined;
  }
  if (rule.of === "collections.defaultdict" && !hasDefault(args[1]!)) {
    report("type_arguments", items[1]!.span, `pydantic has no default for the values of this \`${name}\`.`, {
      hint: "Write `dict[...]`.",
    });
    return undefined;
  }
  return { kind: "type", type: { kind: "generic", of: rule.of, args } };
}

/** Python's own generics keep a name in quotes as the text it is, where `typing`'s make it a ForwardRef. */
const textual = (type: TypeSpec): TypeSpec =>
  typeof type === "object" && type.kind === "class" && type.name.startsWith("ForwardRef(")
    ? { kind: "class", name: type.name.slice("ForwardRef(".length, -1) }
    : type;

const isClass = (type: TypeSpec | "ellipsis"): boolean =>
  typeof type === "string" || (type.kind === "union" ? type.members.every(isClass) : type.kind !== "generic" && type.kind !== "literal");

/** The types of values a defaultdict may have: pydantic's `_defaultdict_allowed_default_types`. */
const hasDefault = (type: TypeSpec | "ellipsis"): boolean =>
  typeof type === "string"
    ? DEFAULTS.test(type)
    : type.kind === "generic"
      ? DEFAULTS.test(type.of)
      : type.kind === "class" && DEFAULTS.test(type.name);
const DEFAULTS =
  /^(?:str|int|float|bool|list|tuple|dict|set|frozenset|collections\.(?:Counter|OrderedDict|abc\.(?:Mutable)?(?:Sequence|Set|Mapping)))$/;

export function formType(
  kind: Form,
  name: string,
  node: SubscriptNode,
  items: readonly ExpressionNode[],
  values: readonly Value[],
  typeOf: TypeOf,
  report: Report,
): Value | undefined {
  switch (kind) {
    case "literal": {
      const type = literalType(values, node.index.span, report);
      return type && { kind: "type", type };
    }
    case "union":
    case "optional": {
      if (kind === "optional" ? values.length !== 1 : values.length === 0) {
        report("type_arguments", node.index.span, kind === "optional" ? "`Optional` takes one type." : "`Union` needs at least one type.", {
          hint: kind === "optional" ? `Write \`${items.map(() => "X").join(" | ")} | None\`.` : undefined,
        });
        return undefined;
      }
      // `Union[X]` is X itself, also where X is a name without its arguments.
      const only = values.length === 1 ? values[0]! : undefined;
      if (kind === "union" && only?.kind === "name" && only.meaning.nested) return only;
      const members = values.map((value, i) => typeOf(value, items[i]!));
      if (members.some((m) => m === undefined)) return undefined;
      return { kind: "type", type: unionOf(kind === "optional" ? [members[0]!, "none"] : (members as TypeSpec[])) };
    }
    case "callable": {
      const written = values.length === 2 ? typeOf(values[1]!, items[1]!) : undefined;
      if (values.length !== 2)
        report("type_arguments", node.index.span, "`Callable` takes its arguments and its result.", {
          hint: "Write `Callable[..., int]`.",
        });
      if (written === undefined) return undefined;
      const result: TypeSpec = written === "none" && name !== "collections.abc.Callable" ? { kind: "union", members: ["none"] } : written;
      if (values[0]!.kind === "ellipsis") return { kind: "type", type: { kind: "generic", of: "Callable", args: ["ellipsis", result] } };
      report("type_expression", items[0]!.span, "The arguments of a Callable cannot be written in a signature.", {
        hint: "Write `Callable[..., int]`.",
      });
      return undefined;
    }
    case "annotated":
    case "classvar":
    case "final":
      report("type_arguments", node.span, `DSPy does not read \`${name}[...]\`.`, { hint: "Write the type alone." });
      return undefined;
  }
}

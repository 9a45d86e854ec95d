/**
 * From Python expressions to types: DSPy's `_parse_type_node` (names, attributes, subscripts, `|`, tuples, constants)
 * and what pydantic then accepts as a field's type. Everything else is a diagnostic that says what to write instead.
 */
import type { TypeSpec } from "../../runtime/abi.ts";
import type { CallNode, ExpressionNode, SubscriptNode } from "../2-parse/ast.ts";
import { parseExpression } from "../2-parse/parse.ts";
import type { Report } from "../diagnostics/report.ts";
import { constantText } from "./constant-text.ts";
import { constantOf, numberConstant } from "./constants.ts";
import { resolveName } from "./resolve-name.ts";
import { formType, genericType } from "./type-arguments.ts";
import type { TypeContext } from "./type-context.ts";
import { PARAMETRISED, typeNames } from "./type-names.ts";
import { unionOf } from "./unions.ts";
import type { Value } from "./value.ts";

/** Design section 3: what no signature needs, and what bounds every walk over types. */
const DEEPEST = 64;

/** The type of a field. `dropped` is DSPy's treatment of `ClassVar`: no field at all. */
export function fieldType(node: ExpressionNode, context: TypeContext): TypeSpec | "dropped" | undefined {
  const value = evaluate(node, context, 0);
  if (!value) return undefined;
  if (value.kind === "constant" && value.value === null) {
    context.report("type_none", node.span, "DSPy reads the type `None` as `str`.", {
      hint: "Write `str`, or `NoneType` for a field that is always null.",
    });
    return "str";
  }
  if (value.kind === "name" && value.meaning.form === "classvar") {
    context.report("type_classvar", node.span, "DSPy drops a field whose type is `ClassVar`.", { hint: "Remove the field." });
    return "dropped";
  }
  if (value.kind === "name" && value.meaning.form === "final") return "any";
  return asType(value, node, context, "field");
}

/** The type in front of constraints, which has none of a bare annotation's readings. */
export function constrainedType(node: ExpressionNode, context: TypeContext): TypeSpec | undefined {
  const value = evaluate(node, context, 0);
  return value && asType(value, node, context, "field");
}

type Place = "field" | "argument";

/** A value as a type: in an argument's place `None` is NoneType, a text is a type written in quotes, and `List` is a list. */
function asType(value: Value, node: ExpressionNode, context: TypeContext, place: Place): TypeSpec | undefined {
  const { report } = context;
  switch (value.kind) {
    case "type":
      return value.type;
    case "name":
      if (place === "argument" && value.meaning.nested) return value.meaning.nested;
      if (value.meaning.bare !== undefined) return value.meaning.bare;
      report("type_arguments", node.span, `\`${value.name}\` is no type without arguments.`, {
        hint: bareHint(value.name, value.meaning.generic?.min),
      });
      return undefined;
    case "constant":
      if (value.value === null && place === "argument") return "none";
      if (typeof value.value === "string")
        return place === "argument" ? quotedType(value.value, node, context) : notAType(node, report, value.value);
      return notAType(node, report);
    case "ellipsis":
      report("type_not_a_type", node.span, "`...` is no type.", {
        hint: "It stands only second in `tuple[X, ...]` and first in `Callable[..., X]`.",
      });
      return undefined;
    case "tuple":
      report("type_not_a_type", node.span, "Several types in parentheses are no type.", {
        hint: "Write `tuple[...]` for all of them, or `|` between them for one of them.",
      });
      return undefined;
  }
}

function notAType(node: ExpressionNode, report: Report, quoted?: string): undefined {
  const isName = quoted !== undefined && typeNames.has(quoted);
  report("type_not_a_type", node.span, "A value stands where a type is expected.", {
    hint: isName
      ? `Write \`${quoted}\` without quotes.`
      : quoted !== undefined
        ? `Write \`Literal[...]\` for fixed values; a description stands after the type.`
        : "Write `Literal[...]` for fixed values.",
  });
  return undefined;
}

function bareHint(name: string, arity = 1): string {
  if (name.endsWith("Literal")) return "Write the values: `Literal['yes', 'no']`.";
  if (name.endsWith("Union")) return "Write the members: `Union[int, str]`.";
  if (name.endsWith("Optional")) return "Write what may be absent: `Optional[str]`.";
  return `Write \`${name}[${arity === 2 ? "str, int" : "str"}]\`${typeNames.has(name.toLowerCase()) ? `, or \`${name.toLowerCase()}\`` : ""}.`;
}

function evaluate(node: ExpressionNode, context: TypeContext, depth: number): Value | undefined {
  const { report } = context;
  if (depth > DEEPEST) {
    report("type_too_deep", node.span, `Types are nested more than ${DEEPEST} deep.`, {
      hint: "Give the inner type a name: pass a schema, or `${type<T>()}`.",
    });
    return undefined;
  }
  switch (node.kind) {
    case "name":
    case "attribute":
      return resolveName(node, context, () => (node.kind === "attribute" ? evaluate(node.object, context, depth + 1) : undefined));
    case "subscript":
      return subscript(node, context, depth);
    case "union": {
      const members = flattenUnion(node).map((member) => [member, evaluate(member, context, depth + 1)] as const);
      if (members.some(([, value]) => !value)) return undefined;
      return joinUnion(members as (readonly [ExpressionNode, Value])[], context);
    }
    case "tuple": {
      const items = node.items.map((item) => evaluate(item, context, depth + 1));
      return items.every((item) => item !== undefined) ? { kind: "tuple", items: items as Value[] } : undefined;
    }
    case "hole": {
      const type = context.hole(node.at, node.span);
      return type === undefined ? undefined : { kind: "type", type };
    }
    case "string":
    case "keyword":
    case "bytes":
      return { kind: "constant", value: constantOf(node)! };
    case "number":
      return { kind: "constant", value: numberConstant(node) };
    case "ellipsis":
      return { kind: "ellipsis" };
    case "call":
      reportCall(node, report);
      return undefined;
    case "list":
      report("type_expression", node.span, "A list in brackets is no type to DSPy.", {
        hint:
          node.items.length === 1 && !node.set
            ? `Write \`list[...]\`.`
            : "Write `Literal[...]` for one of several values, `tuple[...]` for several types.",
      });
      return undefined;
    case "dict":
      report("type_expression", node.span, "A dict in braces is no type to DSPy.", {
        hint: "Write `dict[str, int]`, or pass a schema: `${Schema}`.",
      });
      return undefined;
    case "negative":
      report("type_expression", node.span, "DSPy does not read negative numbers in types.", {
        hint: "Write the numbers as texts, or use `int(ge=..., le=...)`.",
      });
      return undefined;
    case "other":
      if (node.what !== undefined)
        report("type_expression", node.span, `DSPy does not read ${node.what} in a type.`, {
          hint: /&|\bor\b|\band\b/.test(node.what) ? "Write `|` between types." : undefined,
        });
      return undefined;
  }
}

/** `int(...)` in a type's place, where it is not a field's constraints. */
function reportCall(node: CallNode, report: Report): void {
  const name = node.callee.kind === "name" ? node.callee.name : undefined;
  if (name === "Field") {
    report("type_not_a_type", node.span, "`Field(...)` is no type.", { hint: "Write the type and its constraints: `int(gt=3)`." });
  } else if (node.args.some((a) => a.keyword !== undefined)) {
    report("constraint_place", node.span, "Constraints belong to a whole field, not to a part of its type.", {
      hint: "Write them behind the whole type: `list[str](max_length=20)`, `(int | None)(ge=1)`.",
    });
  } else {
    report("type_expression", node.span, "A call is no type to DSPy.", {
      hint: name && typeNames.get(name)?.generic ? `Type arguments stand in square brackets: \`${name}[...]\`.` : undefined,
    });
  }
}

function flattenUnion(node: ExpressionNode): ExpressionNode[] {
  const members: ExpressionNode[] = [];
  let at = node;
  for (; at.kind === "union"; at = at.left) members.push(at.right);
  members.push(at);
  return members.reverse();
}

/** Left to right. `NoneType | X` is `Optional[X]`, so it puts None last; the constant `None | X` keeps its place (dspy 3.4.1). */
function joinUnion(members: readonly (readonly [ExpressionNode, Value])[], context: TypeContext): Value | undefined {
  let joined: TypeSpec | undefined;
  let isNoneType = false;
  for (const [node, value] of members) {
    const type = asType(value, node, context, "argument");
    if (type === undefined) return undefined;
    if (joined === undefined) isNoneType = value.kind !== "constant" && type === "none";
    else {
      joined = isNoneType ? unionOf([type, joined]) : unionOf([joined, type]);
      isNoneType = joined === "none";
      continue;
    }
    joined = type;
  }
  return { kind: "type", type: joined! };
}

function subscript(node: SubscriptNode, context: TypeContext, depth: number): Value | undefined {
  const { report } = context;
  const base = evaluate(node.object, context, depth + 1);
  const items = node.index.kind === "tuple" ? node.index.items : [node.index];
  if (base?.kind === "name" && base.meaning.form === "annotated") return annotated(node, items, context, depth);
  const args = items.map((item) => evaluate(item, context, depth + 1));
  if (!base || args.some((arg) => arg === undefined)) return undefined;
  const values = args as Value[];
  if (base.kind !== "name") {
    report("type_arguments", node.span, "Only a type's name takes arguments.");
    return undefined;
  }
  const { name, meaning } = base;
  const typeOf = (value: Value, item: ExpressionNode) => asType(value, item, context, "argument");
  if (meaning.form) return formType(meaning.form, name, node, items, values, typeOf, report);
  const bare = meaning.bare;
  if (typeof bare === "object" && bare.kind === "class" && PARAMETRISED.has(bare.name)) {
    if (values.some((v) => v.kind !== "constant")) {
      report("type_arguments", node.index.span, `\`${name}\` takes a language in quotes.`, { hint: `Write \`${name}["python"]\`.` });
      return undefined;
    }
    return { kind: "type", type: { ...bare, args: values.map((v) => (v.kind === "constant" ? v.value : null)) } };
  }
  if (!meaning.generic) {
    report("type_arguments", node.index.span, `\`${name}\` takes no arguments.`, {
      hint: name === "str" || name === "int" ? "Constraints stand in parentheses: `str(max_length=20)`." : undefined,
    });
    return undefined;
  }
  return genericType(name, meaning.generic, node, items, values, typeOf, report);
}

/** `Annotated[int, ...]` is `int`: DSPy neither shows nor enforces what is annotated. */
function annotated(node: SubscriptNode, items: readonly ExpressionNode[], context: TypeContext, depth: number): Value | undefined {
  const { report } = context;
  const first = items[0] && evaluate(items[0], context, depth + 1);
  if (items.length < 2) {
    report("type_arguments", node.index.span, "`Annotated` takes a type and at least one annotation.", { hint: "Write the type alone." });
    return undefined;
  }
  let readable = true;
  for (const item of items.slice(1)) {
    if (item.kind === "call" && item.callee.kind === "name" && item.callee.name === "Field") {
      for (const argument of item.args)
        if (argument.keyword !== undefined && !evaluate(argument.value, context, depth + 1)) readable = false;
    } else if (!evaluate(item, context, depth + 1)) readable = false;
  }
  const type = first && asType(first, items[0]!, context, "argument");
  if (type === undefined || !readable) return undefined;
  report(
    "annotation_ignored",
    { start: items[1]!.span.start, end: node.index.span.end },
    "DSPy neither shows nor checks what `Annotated` adds.",
    {
      hint: "Write constraints behind the type: `int(gt=0)`.",
    },
  );
  return { kind: "type", type };
}

/** A type in quotes inside another type: Python looks it up later. What it cannot be looked up stays a forward reference. */
function quotedType(text: string, node: ExpressionNode, context: TypeContext): TypeSpec | undefined {
  const problems: string[] = [];
  const quiet: Report = (code) => problems.push(code);
  // Python takes no blank in front of it.
  const inner = /^\s/.test(text) ? undefined : parseExpression(text, quiet);
  const readable = inner && problems.length === 0;
  const value = readable ? evaluate(inner, { ...context, report: quiet, hole: () => undefined, quoted: true }, 0) : undefined;
  if (!readable || (value && isPlainValue(value))) {
    context.report("type_not_a_type", node.span, "This text is no type.", { hint: "Write `Literal[...]` for fixed values." });
    return undefined;
  }
  const type = value && asType(value, inner, { ...context, report: quiet, quoted: true }, "argument");
  if (type !== undefined) return type;
  context.report("type_forward", node.span, `\`${text}\` in quotes names a class that nothing declares.`, {
    hint: "Write `Literal[...]` for fixed values.",
    severity: "warning",
  });
  return { kind: "class", name: `ForwardRef(${constantText(text)})` };
}

const isPlainValue = (value: Value): boolean =>
  value.kind === "tuple" || value.kind === "ellipsis" || (value.kind === "constant" && value.value !== null);

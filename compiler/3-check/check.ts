/** From `ast.ts` to checked fields: names, types, constraints, defaults, and what DSPy ignores without saying so. */
import type { Constraints, FieldSpec, TypeSpec } from "../../runtime/abi.ts";
import type { FieldNode, ParameterNode, SignatureNode } from "../2-parse/ast.ts";
import { codes } from "../diagnostics/codes.ts";
import type { Report } from "../diagnostics/report.ts";
import type { Span } from "../source.ts";
import type { CheckedField, CheckedSignature } from "./checked.ts";
import { cleandoc } from "./cleandoc.ts";
import { constantOf } from "./constants.ts";
import { constraintsOf } from "./constraints.ts";
import { fits } from "./defaults.ts";
import { checkName, checkRepeats, type Side } from "./fields.ts";
import type { TypeContext } from "./type-context.ts";
import { constrainedType, fieldType } from "./types.ts";

const MOST_FIELDS = 256;

/** What stands outside the literal: the meaning of its holes, and names given beside it. */
export interface CheckContext {
  readonly hole: TypeContext["hole"];
  readonly named: TypeContext["named"];
  /** The fields of `${Other}` where a field could stand; undefined after reporting why there are none. */
  readonly splice: (at: number, side: Side, span: Span) => readonly CheckedField[] | undefined;
}

/** Undefined when anything in the literal is an error: what was found is then in the reports. */
export function check(node: SignatureNode, context: CheckContext, report: Report): CheckedSignature | undefined {
  let sound = node.complete;
  const watch: Report = (code, span, message, details) => {
    if ((details?.severity ?? codes[code].severity) === "error") sound = false;
    report(code, span, message, details);
  };
  // Holes report by themselves; that they found nothing is all that is seen of it here.
  const found = <T>(value: T | undefined): T | undefined => {
    if (value === undefined) sound = false;
    return value;
  };
  const outside: CheckContext = {
    ...context,
    hole: (at, span) => found(context.hole(at, span)),
    splice: (at, side, span) => found(context.splice(at, side, span)),
  };
  const inputs = checkSide(node.inputs, "inputs", outside, watch);
  const outputs = checkSide(node.outputs, "outputs", outside, watch);
  const count = inputs.length + outputs.length;
  if (count > MOST_FIELDS) {
    const beyond = [...inputs, ...outputs][MOST_FIELDS]!;
    watch("too_many_fields", beyond.nameSpan, `A signature has at most ${MOST_FIELDS} fields; this has ${count}.`, {
      hint: "Group fields in a schema: `${Schema}`.",
    });
  }
  checkRepeats(inputs.map(named), outputs.map(named), watch);
  if (!sound) return undefined;
  const docstring = node.docstring && cleandoc(node.docstring.value);
  // `dspy.Signature(text, "")` takes the default instructions (dspy-semantics 1.3), and so does an empty docstring here.
  return { docstring: docstring || undefined, inputs: merge(inputs), outputs: merge(outputs) };
}

const named = (field: CheckedField) => ({ name: field.spec.name, nameSpan: field.nameSpan });

function checkSide(parameters: readonly ParameterNode[], side: Side, context: CheckContext, report: Report): CheckedField[] {
  return parameters.flatMap((parameter): readonly CheckedField[] => {
    if (parameter.kind === "splice") return context.splice(parameter.at, side, parameter.span) ?? [];
    if (parameter.kind === "star") {
      report("parameter_ignored", parameter.span, `DSPy drops \`${parameter.name}\`.`, { hint: "Remove it." });
      return [];
    }
    if (parameter.ignored) {
      report("parameter_ignored", parameter.nameSpan, `DSPy drops the ${parameter.ignored} parameter \`${parameter.name}\`.`, {
        hint: `Remove the \`${parameter.ignored === "keyword-only" ? "*" : "/"}\`, or the field.`,
      });
      return [];
    }
    const checked = checkField(parameter, side, context, report);
    return checked ? [checked] : [];
  });
}

function checkField(node: FieldNode, side: Side, context: CheckContext, report: Report): CheckedField | undefined {
  const nameIsRight = checkName(node, side, report);
  const { type, constraints } = checkType(node, context, report);
  if (type === "dropped") return undefined;
  const value = type === undefined ? undefined : checkDefault(node, type, side, report);
  if (!nameIsRight && type === undefined) return undefined;
  const spec: FieldSpec = {
    name: node.name,
    // An erroneous type ends in no IR at all; the field is kept so that its name takes part in the checks.
    type: type ?? "str",
    ...(node.description ? { desc: node.description.value } : {}),
    ...(constraints ? { constraints } : {}),
    ...(value === undefined ? {} : { default: value }),
  };
  return { spec, span: node.span, nameSpan: node.nameSpan };
}

function checkType(
  node: FieldNode,
  context: CheckContext,
  report: Report,
): { type: TypeSpec | "dropped" | undefined; constraints?: Constraints | undefined } {
  const { type } = node;
  if (!type) return { type: "str" };
  const types: TypeContext = { report, hole: context.hole, named: context.named };
  const constrained = type.kind === "call" && !(type.callee.kind === "name" && type.callee.name === "Field") && type.callee.kind !== "call";
  if (!constrained) return { type: fieldType(type, types) };
  // `list(int)` is a slip for `list[int]`, and DSPy refuses every call; so does a name that is no type at all.
  const inner = constrainedType(type.callee, types);
  return { type: inner, constraints: constraintsOf(type, inner, report) };
}

function checkDefault(node: FieldNode, type: TypeSpec, side: Side, report: Report): FieldSpec["default"] {
  if (!node.default) return undefined;
  const { span } = node.default;
  if (node.default.kind === "other" && node.default.what === undefined) return undefined;
  if (side === "outputs") return void report("default_ignored", span, "The default of an output is ignored.", { hint: "Remove it." });
  const value = constantOf(node.default);
  if (value === undefined)
    return void report("default_ignored", span, "A default that is not a constant is ignored.", {
      hint: "Write a text, a number, a list, a dict, `True`, `False` or `None`.",
    });
  if (!fits(value, type))
    return void report("default_mismatch", span, "This default is not a value of the field's type, and is ignored.", {
      hint: "Change the default or the type.",
    });
  return value;
}

/** Fields of one name: the first one's place, the last one's contents (dspy-semantics 1.1). */
function merge(fields: readonly CheckedField[]): CheckedField[] {
  return [...new Map(fields.map((field) => [field.spec.name, field])).values()];
}

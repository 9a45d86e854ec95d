/** `str(max_length=20)`: pydantic's constraints, checked against the type they stand behind. */
import type { Constraints, TypeSpec } from "../../runtime/abi.ts";
import type { ArgumentNode, CallNode, ExpressionNode } from "../2-parse/ast.ts";
import type { Report } from "../diagnostics/report.ts";
import { didYouMean } from "../diagnostics/suggest.ts";
import { constantOf } from "./constants.ts";
import { patternProblem } from "./pattern.ts";
import { typeNames } from "./type-names.ts";

type Name = keyof Constraints;
/** A number as written: a whole float keeps its spelling. */
type Bound = NonNullable<Constraints["ge"]>;
type Subject = "number" | "float" | "sized" | "text" | "other";

const APPLIES: Readonly<Record<Name, readonly Subject[]>> = {
  gt: ["number", "float"],
  ge: ["number", "float"],
  lt: ["number", "float"],
  le: ["number", "float"],
  multiple_of: ["number", "float"],
  allow_inf_nan: ["float"],
  min_length: ["sized", "text"],
  max_length: ["sized", "text"],
  pattern: ["text"],
};
const NAMES = Object.keys(APPLIES) as Name[];

/** Arguments of pydantic's Field that have another place here. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  desc: 'A description stands behind the type: `name: str "..."`.',
  description: 'A description stands behind the type: `name: str "..."`.',
  default: 'A default stands behind `=`: `name: str = "..."`.',
  regex: "The name is `pattern`.",
  min: "The name is `ge` for numbers, `min_length` for texts and lists.",
  max: "The name is `le` for numbers, `max_length` for texts and lists.",
  min_items: "The name is `min_length`.",
  max_items: "The name is `max_length`.",
  length: "The names are `min_length` and `max_length`.",
};

export function constraintsOf(node: CallNode, type: TypeSpec | undefined, report: Report): Constraints | undefined {
  const found: Record<string, Bound | string | boolean> = {};
  let sound = true;
  const refuse: Report = (...finding) => {
    sound = false;
    report(...finding);
  };
  if (node.args.length === 0)
    refuse("constraint_empty", node.span, "The parentheses are empty.", {
      hint: "Write constraints in them, `str(max_length=20)`, or remove them.",
    });
  for (const argument of node.args) {
    const name = constraintName(argument, node.callee, refuse);
    if (name === undefined) continue;
    if (Object.hasOwn(found, name)) {
      refuse("constraint_duplicate", argument.span, `\`${name}\` stands here twice.`, { hint: "Remove one." });
      continue;
    }
    if (type !== undefined && !subjects(type).every((s) => APPLIES[name].includes(s))) {
      refuse("constraint_type", argument.keywordSpan!, `\`${name}\` does not apply to this type.`, { hint: applicable(type) });
      continue;
    }
    const value = constraintValue(name, argument, refuse);
    if (value !== undefined) found[name] = value;
  }
  const constraints = found as Constraints;
  if (sound) checkRange(constraints, node, refuse);
  return sound ? constraints : undefined;
}

function constraintName(argument: ArgumentNode, callee: ExpressionNode, refuse: Report): Name | undefined {
  if (argument.keyword === undefined || argument.star) {
    const subscripted = callee.kind === "name" && (typeNames.get(callee.name)?.generic ?? typeNames.get(callee.name)?.form);
    refuse("constraint_positional", argument.span, "A constraint has a name.", {
      hint: subscripted ? `Type arguments stand in square brackets: \`${callee.name}[...]\`.` : "For example `int(ge=3)`.",
    });
    return undefined;
  }
  if ((NAMES as string[]).includes(argument.keyword)) return argument.keyword as Name;
  const elsewhere = Object.hasOwn(ELSEWHERE, argument.keyword) ? ELSEWHERE[argument.keyword] : undefined;
  refuse("constraint_unknown", argument.keywordSpan!, `\`${argument.keyword}\` is not a constraint.`, {
    hint: elsewhere ?? didYouMean(argument.keyword, NAMES) ?? `There are ${NAMES.map((n) => `\`${n}\``).join(", ")}.`,
  });
  return undefined;
}

function constraintValue(name: Name, argument: ArgumentNode, refuse: Report): Bound | string | boolean | undefined {
  const value = constantOf(argument.value);
  const { span } = argument.value;
  if (name === "pattern") {
    if (typeof value !== "string")
      return void refuse("constraint_value", span, "`pattern` is a text.", { hint: "Write the expression in quotes." });
    const problem = patternProblem(value);
    if (!problem) return value;
    return void refuse(problem.code, span, problem.message, {
      hint:
        problem.code === "pattern_unsupported"
          ? `It is \`${value.slice(problem.at, problem.at + problem.length)}\`, at character ${problem.at + 1}.`
          : undefined,
    });
  }
  if (name === "allow_inf_nan") {
    return typeof value === "boolean" ? value : void refuse("constraint_value", span, "`allow_inf_nan` is `True` or `False`.");
  }
  const bound = typeof value === "number" ? value : typeof value === "object" && value !== null && "float" in value ? value : undefined;
  const size = bound === undefined ? Number.NaN : numberOf(bound);
  if (name === "min_length" || name === "max_length") {
    return typeof bound === "number" && Number.isInteger(bound) && bound >= 0
      ? bound
      : void refuse("constraint_value", span, `\`${name}\` is a whole number, zero or more.`);
  }
  if (bound === undefined || !Number.isFinite(size)) return void refuse("constraint_value", span, `\`${name}\` is a number.`);
  if (name === "multiple_of" && size <= 0) return void refuse("constraint_value", span, "`multiple_of` is greater than zero.");
  return bound;
}

const numberOf = (bound: Bound): number => (typeof bound === "number" ? bound : Number(bound.float));

/** Bounds that nothing can satisfy. */
function checkRange(constraints: Constraints, node: CallNode, refuse: Report): void {
  const { gt, ge, lt, le, min_length, max_length } = constraints;
  const low = Math.max(...[gt, ge].map((b) => (b === undefined ? Number.NEGATIVE_INFINITY : numberOf(b))));
  const high = Math.min(...[lt, le].map((b) => (b === undefined ? Number.POSITIVE_INFINITY : numberOf(b))));
  const open = (gt !== undefined && numberOf(gt) === low) || (lt !== undefined && numberOf(lt) === high);
  if (low > high || (low === high && open) || (min_length ?? 0) > (max_length ?? Number.POSITIVE_INFINITY)) {
    refuse("constraint_conflict", node.span, "No value can satisfy these constraints together.", { hint: "Exchange or relax the bounds." });
  }
}

/** What a type is to constraints; a union is all its members but None. */
function subjects(type: TypeSpec): Subject[] {
  if (type === "int") return ["number"];
  if (type === "float") return ["float"];
  if (type === "str") return ["text"];
  if (typeof type === "string") return /^(?:bytes|list|dict|tuple|set|frozenset)$/.test(type) ? ["sized"] : ["other"];
  switch (type.kind) {
    case "generic":
      return type.of === "Callable" || type.of === "type" ? ["other"] : ["sized"];
    case "union": {
      const some = type.members.filter((m) => m !== "none").flatMap(subjects);
      return some.length ? some : ["other"];
    }
    case "class":
      return type.name === "decimal.Decimal" ? ["float"] : ["other"];
    case "slot":
      // What the schema is shows at run time; there it is enforced as far as it applies.
      return [];
    default:
      return ["other"];
  }
}

function applicable(type: TypeSpec): string | undefined {
  const kinds = subjects(type);
  const names = NAMES.filter((name) => kinds.every((kind) => APPLIES[name].includes(kind)));
  return names.length ? `Here apply ${names.map((n) => `\`${n}\``).join(", ")}.` : "No constraint applies to it.";
}

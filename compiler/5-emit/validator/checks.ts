/**
 * Statements that check a value, type by type. Types nest, so what follows calls itself in a circle: fields, a type,
 * the items of a container, a value that replaces, a model and its fields.
 */
import type { FieldSpec, ModelField, ModelType, TypeSpec } from "../../../runtime/abi.ts";
import { containerKind } from "../container-kind.ts";
import { constantLiteral, literal, property, quoted } from "../literal.ts";
import { Names } from "../names.ts";
import { typeText } from "../type-text.ts";
import {
  acceptsNull,
  type Generic,
  isMembers,
  isNumber,
  isPlain,
  isUnionTakingUndefined,
  outerRefs,
  replaces,
  type Union,
} from "./kinds.ts";
import { failsTest } from "./plain.ts";
import { limit, list, report, type Scope } from "./scope.ts";
import { withinTest } from "./within.ts";

/** Destructuring with defaults, the checks, and the object of checked values. */
export function fieldsBody(
  fields: readonly (FieldSpec | ModelField)[],
  path: readonly string[],
  indent: string,
  scope: Scope,
): { pattern: string; lines: string[]; result: string } {
  const locals = fields.map((field) => scope.names.fresh(field.name));
  const pattern = fields.map((field, i) => {
    const fallback = field.default !== undefined ? constantLiteral(field.default) : acceptsNull(field.type) ? "null" : undefined;
    const target = fallback === undefined ? locals[i]! : `${locals[i]} = ${fallback}`;
    return locals[i] === field.name ? target : `${property(field.name)}: ${target}`;
  });
  const result = fields.map((field, i) =>
    locals[i] === field.name && field.name !== "__proto__" ? field.name : `${property(field.name)}: ${locals[i]}`,
  );
  const lines = fields.flatMap((field, i) => fieldLines(field, locals[i]!, [...path, quoted(field.name)], indent, scope));
  return { pattern: braces(pattern), lines, result: braces(result) || "{}" };
}

export const braces = (parts: readonly string[]): string => (parts.length === 0 ? "" : `{ ${parts.join(", ")} }`);

export function fieldLines(field: FieldSpec | ModelField, x: string, path: readonly string[], indent: string, scope: Scope): string[] {
  const { type } = field;
  const constraints = field.constraints && Object.keys(field.constraints).length > 0 ? field.constraints : undefined;
  const fails = failsTest(type, x, scope.abi);
  if (constraints && typeof type === "object" && type.kind === "generic" && !replaces(type)) {
    const within = withinTest(type, constraints, x);
    if (within) return containerLines(type, x, path, indent, scope, [`${indent}  if (${within}) ${limit(constraints, x, path, scope)}`]);
  }
  if (!isPlain(type) || fails === null) {
    const missing = `${indent}if (${x} === undefined) ${report(type, x, path, scope)}`;
    const takesUndefined = isUnionTakingUndefined(type);
    const checks = fails === null ? [missing] : checkLines(type, x, path, takesUndefined ? `${indent}  ` : indent, scope, x);
    const lines = takesUndefined && fails !== null ? [missing, `${indent}else {`, ...checks, `${indent}}`] : checks;
    if (!constraints) return lines;
    const before = scope.names.fresh("before");
    return [
      `${indent}const ${before} = issues.length;`,
      ...lines,
      `${indent}${scope.abi}.limit(issues, ${list(path)}, ${literal(constraints)}, ${x}, ${before});`,
    ];
  }
  const lines = [`${indent}if (${fails}) ${report(type, x, path, scope)}`];
  if (constraints) {
    const quick = withinTest(type, constraints, x);
    lines.push(`${indent}else ${quick ? `if (${quick}) ` : ""}${limit(constraints, x, path, scope)}`);
  }
  return lines;
}

/** Statements that check `x`; a check that replaces the value assigns it to `target`. */
function checkLines(
  type: TypeSpec,
  x: string,
  path: readonly string[],
  indent: string,
  scope: Scope,
  target: string | undefined,
): string[] {
  if (typeof type === "string" || isPlain(type)) {
    const fails = failsTest(type, x, scope.abi);
    return fails === null ? [] : [`${indent}if (${fails}) ${report(type, x, path, scope)}`];
  }
  if (replaces(type)) return [`${indent}${target} = ${replaced(type, x, path, indent, scope)};`];
  if (type.kind === "union") {
    const members = type.members.filter((member) => member !== "none");
    const [only] = members;
    const inner = members.length === type.members.length ? indent : `${indent}  `;
    const lines =
      members.length === 1 ? checkLines(only!, x, path, inner, scope, target) : [`${inner}${anyOf(type, members, x, path, inner, scope)};`];
    return inner === indent ? lines : [`${indent}if (${x} !== null) {`, ...lines, `${indent}}`];
  }
  return containerLines(type as Generic, x, path, indent, scope);
}

/** A container of plain values is walked where it stands; `after` are checks of the container itself. */
function containerLines(
  type: Generic,
  x: string,
  path: readonly string[],
  indent: string,
  scope: Scope,
  after: readonly string[] = [],
): string[] {
  const kind = containerKind(type.of);
  if (kind === "unknown") return [];
  const [fails, loop] =
    kind === "record"
      ? recordLoop(type, x, path, indent, scope)
      : kind === "tuple"
        ? tupleLoop(type, x, path, indent, scope)
        : itemLoop(kind, type, x, path, indent, scope);
  const inner = [...loop, ...after];
  if (inner.length === 0) return [`${indent}if (${fails}) ${report(type, x, path, scope)}`];
  return [`${indent}if (${fails}) {`, `${indent}  ${report(type, x, path, scope)}`, `${indent}} else {`, ...inner, `${indent}}`];
}

type Loop = readonly [fails: string, lines: readonly string[]];

function itemLoop(kind: "array" | "set", type: Generic, x: string, path: readonly string[], indent: string, scope: Scope): Loop {
  return scope.names.within(["i", "item"], ([i, item]) => {
    const fails = kind === "set" ? `!(${x} instanceof Set)` : `!Array.isArray(${x})`;
    const items = checkLines(type.args[0] as TypeSpec, item!, [...path, i!], `${indent}    `, scope, undefined);
    if (items.length === 0) return [fails, []];
    const head =
      kind === "set"
        ? [`for (const [${i}, ${item}] of [...${x}].entries()) {`]
        : [`for (let ${i} = 0; ${i} < ${x}.length; ${i}++) {`, `  const ${item} = ${x}[${i}];`];
    return [fails, [...head.map((line) => `${indent}  ${line}`), ...items, `${indent}  }`]];
  });
}

function recordLoop(type: Generic, x: string, path: readonly string[], indent: string, scope: Scope): Loop {
  const [first = "any", second = "any"] = type.args as readonly TypeSpec[];
  return scope.names.within(["key", "item"], ([key, item]) => {
    const at = [...path, key!];
    const deep = `${indent}    `;
    const keys = isNumber(first)
      ? [`${deep}${scope.abi}.keyOf("${first}", ${key}, ${list(at)}, issues);`]
      : isMembers(first)
        ? checkLines(first, key!, at, deep, scope, undefined)
        : [];
    const items = checkLines(second, item!, at, deep, scope, undefined);
    const head = items.length ? `for (const [${key}, ${item}] of Object.entries(${x})) {` : `for (const ${key} of Object.keys(${x})) {`;
    return [`!${scope.abi}.isRecord(${x})`, keys.length + items.length ? [`${indent}  ${head}`, ...keys, ...items, `${indent}  }`] : []];
  });
}

function tupleLoop(type: Generic, x: string, path: readonly string[], indent: string, scope: Scope): Loop {
  if (type.args[1] === "ellipsis") return itemLoop("array", type, x, path, indent, scope);
  const parts = type.args as readonly TypeSpec[];
  const lines = parts.flatMap((part, i) => checkLines(part, `${x}[${i}]`, [...path, String(i)], `${indent}  `, scope, undefined));
  return [`!Array.isArray(${x}) || ${x}.length !== ${parts.length}`, lines];
}

/** The expression of a value that its check may replace. */
function replaced(type: TypeSpec, x: string, path: readonly string[], indent: string, scope: Scope): string {
  if (typeof type === "string") return x;
  switch (type.kind) {
    case "slot":
      return `${scope.abi}.slot(slots[${type.index}], ${x}, ${list(path)}, issues)`;
    case "model":
      return `${modelName(type, scope)}(${x}, ${list(path)}, issues)`;
    case "ref":
      return `${scope.around.get(type.name)}(${x}, ${list(path)}, issues)`;
    case "union": {
      const members = type.members.filter((member) => member !== "none");
      const expression =
        members.length === 1 ? replaced(members[0]!, x, path, indent, scope) : anyOf(type, members, x, path, indent, scope);
      return members.length === type.members.length ? expression : `${x} === null ? null : ${expression}`;
    }
    case "generic":
      return replacedItems(type, x, path, indent, scope);
    default:
      return x;
  }
}

function replacedItems(type: Generic, x: string, path: readonly string[], indent: string, scope: Scope): string {
  const kind = containerKind(type.of);
  const [first = "any", second = "any"] = type.args as readonly TypeSpec[];
  const common = `${x}, ${list(path)}, issues, ${quoted(typeText(type))}`;
  const check = (part: TypeSpec) => checkFunction(part, indent, scope);
  if (kind === "set") return `${scope.abi}.eachMember(${common}, ${check(first)})`;
  if (kind === "record") {
    const keys = isNumber(first)
      ? `(key, path, issues) => ${scope.abi}.keyOf("${first}", key, path, issues)`
      : isMembers(first)
        ? check(first)
        : "undefined";
    return `${scope.abi}.eachValue(${common}, ${keys}, ${check(second)})`;
  }
  if (kind === "tuple" && type.args[1] !== "ellipsis")
    return `${scope.abi}.eachPlace(${common}, [${(type.args as readonly TypeSpec[]).map(check).join(", ")}])`;
  return `${scope.abi}.eachItem(${common}, ${check(first)})`;
}

function anyOf(type: Union, members: readonly TypeSpec[], x: string, path: readonly string[], indent: string, scope: Scope): string {
  return `${scope.abi}.anyOf(${x}, ${list(path)}, issues, ${quoted(typeText(type))}, [${members.map((member) => checkFunction(member, indent, scope)).join(", ")}])`;
}

/** A check as a value: a model's own function, or an arrow that checks and returns. */
function checkFunction(type: TypeSpec, indent: string, scope: Scope): string {
  if (typeof type === "object" && type.kind === "model") return modelName(type, scope);
  if (typeof type === "object" && type.kind === "ref") return scope.around.get(type.name)!;
  const path = ["...path"];
  if (replaces(type)) return `(value, path, issues) => ${replaced(type, "value", path, indent, scope)}`;
  const lines = checkLines(type, "value", path, `${indent}  `, scope, "value");
  if (lines.length === 0) return "(value) => value";
  return `(value, path, issues) => {\n${lines.join("\n")}\n${indent}  return value;\n${indent}}`;
}

/** The function of a model, written once, before the fields that need it. */
function modelName(type: ModelType, scope: Scope): string {
  const key = JSON.stringify([type, ...outerRefs(type).map((name) => scope.around.get(name))]);
  const known = scope.models.get(key);
  if (known) return known.name;
  // No field of Python's is called so: a model's name hides no local, and no local hides it.
  const wanted = `${type.name.replace(/[^\p{ID_Continue}]/gu, "_").replace(/^(?!\p{ID_Start})/u, "_")}$`;
  const namesakes = [...scope.models.values()].filter((other) => other.name.startsWith(wanted)).length;
  const made = { name: namesakes ? `${wanted}${namesakes + 1}` : wanted, code: "" };
  scope.models.set(key, made);
  const body: Scope = { ...scope, names: new Names(), around: new Map([...scope.around, [type.name, made.name]]) };
  const { pattern, lines, result } = fieldsBody(type.fields, ["...path"], `${scope.indent}  `, body);
  const head = `const ${made.name}${scope.language === "ts" ? `: ${scope.abi}.Check` : ""} = ${scope.abi}.model(${JSON.stringify(type.name)}, ${literal(type.fields.map((field) => field.name))}`;
  const parameters = [pattern || "_", ...(lines.length ? ["path", "issues"] : [])].join(", ");
  made.code = [`${scope.indent}${head}, (${parameters}) => {`, ...lines, `${scope.indent}  return ${result};`, `${scope.indent}});`].join(
    "\n",
  );
  return made.name;
}

/**
 * The body of a signature's validators: straight-line checks, one field after the other, in the order of the table.
 * `runtime/validate/interpret.ts` is the same as a walk; what either reports, and in which order, must stay equal.
 */
import type { Constraints, FieldSpec, ModelField, ModelType, TypeSpec } from "../../runtime/abi.ts";
import { containerKind } from "./container-kind.ts";
import { constantLiteral, literal, property } from "./literal.ts";
import { Names } from "./names.ts";
import { typeText } from "./type-text.ts";

/** Types are written in `.ts` output only, and only where inference needs one. */
export type Language = "js" | "ts";
type Generic = Extract<TypeSpec, { readonly kind: "generic" }>;
type Union = Extract<TypeSpec, { readonly kind: "union" }>;

interface Scope {
  readonly names: Names;
  /** By the model's JSON: two models of one name but different fields are two functions. */
  readonly models: Map<string, { readonly name: string; code: string }>;
  readonly byName: Map<string, string>;
  readonly language: Language;
  /** What the module calls the runtime's namespace. */
  readonly abi: string;
  /** Of the method's statements: where models are declared. */
  readonly indent: string;
}

/** A method of the code object: `validateInputs({ question }, issues) { ... }`. */
export function fieldsMethod(method: string, fields: readonly FieldSpec[], indent: string, language: Language, abi = "abi"): string {
  const inner = `${indent}  `;
  const scope: Scope = { names: new Names(), models: new Map(), byName: new Map(), language, abi, indent: inner };
  const { pattern, lines, result } = fieldsBody(fields, [], inner, scope);
  const usesSlots = fields.some((field) => holdsSlot(field.type));
  const parameters = [
    pattern || (lines.length || usesSlots ? "_" : ""),
    lines.length || usesSlots ? "issues" : "",
    usesSlots ? "slots" : "",
  ].filter(Boolean);
  const body = [...[...scope.models.values()].map((m) => m.code), ...lines, `${inner}return ${result};`];
  return `${indent}${method}(${parameters.join(", ")}) {\n${body.join("\n")}\n${indent}},`;
}

/** The check of a tool's arguments: `({ query, k }, issues) => { ... }`. What is absent stays absent: the function has its own defaults. */
export function argumentsCheck(parameters: readonly (FieldSpec & { readonly required: boolean })[], abi: string): string {
  const scope: Scope = { names: new Names(), models: new Map(), byName: new Map(), language: "js", abi, indent: "  " };
  const locals = parameters.map((parameter) => scope.names.fresh(parameter.name));
  const lines = parameters.flatMap((parameter, i) => {
    const path = [JSON.stringify(parameter.name)];
    if (parameter.required) return fieldLines(parameter, locals[i]!, path, "  ", scope);
    const inner = fieldLines(parameter, locals[i]!, path, "    ", scope);
    return inner.length ? [`  if (${locals[i]} !== undefined) {`, ...inner, "  }"] : [];
  });
  const entries = parameters.map((parameter, i) =>
    locals[i] === parameter.name ? parameter.name : `${property(parameter.name)}: ${locals[i]}`,
  );
  const models = [...scope.models.values()].map((made) => made.code);
  return [
    `(${braces(entries) || "_"}${lines.length ? ", issues" : ""}) => {`,
    ...models,
    ...lines,
    `  return ${braces(entries) || "{}"};`,
    "}",
  ].join("\n");
}

/** Destructuring with defaults, the checks, and the object of checked values. */
function fieldsBody(
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
  const lines = fields.flatMap((field, i) => fieldLines(field, locals[i]!, [...path, JSON.stringify(field.name)], indent, scope));
  return { pattern: braces(pattern), lines, result: braces(result) || "{}" };
}

const braces = (parts: readonly string[]): string => (parts.length === 0 ? "" : `{ ${parts.join(", ")} }`);

/** A missing Optional is its default, else null. */
export function acceptsNull(type: TypeSpec): boolean {
  return type === "none" || (typeof type === "object" && type.kind === "union" && type.members.includes("none"));
}

function fieldLines(field: FieldSpec | ModelField, x: string, path: readonly string[], indent: string, scope: Scope): string[] {
  const { type } = field;
  const constraints = field.constraints && Object.keys(field.constraints).length > 0 ? field.constraints : undefined;
  const fails = failsTest(type, x, scope);
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

const list = (path: readonly string[]): string => (path.length === 1 && path[0] === "...path" ? "path" : `[${path.join(", ")}]`);
const report = (type: TypeSpec, x: string, path: readonly string[], scope: Scope): string =>
  `${scope.abi}.report(issues, ${list(path)}, ${JSON.stringify(typeText(type))}, ${x});`;

const limit = (constraints: Constraints, x: string, path: readonly string[], scope: Scope): string =>
  `${scope.abi}.limit(issues, ${list(path)}, ${literal(constraints)}, ${x});`;

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
    const fails = failsTest(type, x, scope);
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

const isNumber = (type: TypeSpec): boolean => type === "int" || type === "float";

/** The expression of a value that its check may replace. */
function replaced(type: TypeSpec, x: string, path: readonly string[], indent: string, scope: Scope): string {
  if (typeof type === "string") return x;
  switch (type.kind) {
    case "slot":
      return `${scope.abi}.slot(slots[${type.index}], ${x}, ${list(path)}, issues)`;
    case "model":
      return `${modelName(type, scope)}(${x}, ${list(path)}, issues)`;
    case "ref":
      return `${scope.byName.get(type.name)}(${x}, ${list(path)}, issues)`;
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
  const common = `${x}, ${list(path)}, issues, ${JSON.stringify(typeText(type))}`;
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
  return `${scope.abi}.anyOf(${x}, ${list(path)}, issues, ${JSON.stringify(typeText(type))}, [${members.map((member) => checkFunction(member, indent, scope)).join(", ")}])`;
}

/** A check as a value: a model's own function, or an arrow that checks and returns. */
function checkFunction(type: TypeSpec, indent: string, scope: Scope): string {
  if (typeof type === "object" && type.kind === "model") return modelName(type, scope);
  if (typeof type === "object" && type.kind === "ref") return scope.byName.get(type.name)!;
  const path = ["...path"];
  if (replaces(type)) return `(value, path, issues) => ${replaced(type, "value", path, indent, scope)}`;
  const lines = checkLines(type, "value", path, `${indent}  `, scope, "value");
  if (lines.length === 0) return "(value) => value";
  return `(value, path, issues) => {\n${lines.join("\n")}\n${indent}  return value;\n${indent}}`;
}

/** The function of a model, written once, before the fields that need it. */
function modelName(type: ModelType, scope: Scope): string {
  const key = JSON.stringify(type);
  const known = scope.models.get(key);
  if (known) return known.name;
  // No field of Python's is called so: a model's name hides no local, and no local hides it.
  const wanted = `${type.name.replace(/[^\p{ID_Continue}]/gu, "_").replace(/^(?!\p{ID_Start})/u, "_")}$`;
  const namesakes = [...scope.models.values()].filter((other) => other.name.startsWith(wanted)).length;
  const made = { name: namesakes ? `${wanted}${namesakes + 1}` : wanted, code: "" };
  scope.models.set(key, made);
  scope.byName.set(type.name, made.name);
  const body: Scope = { ...scope, names: new Names() };
  const { pattern, lines, result } = fieldsBody(type.fields, ["...path"], `${scope.indent}  `, body);
  const head = `const ${made.name}${scope.language === "ts" ? `: ${scope.abi}.Check` : ""} = ${scope.abi}.model(${JSON.stringify(type.name)}, ${literal(type.fields.map((field) => field.name))}`;
  const parameters = [pattern || "_", ...(lines.length ? ["path", "issues"] : [])].join(", ");
  made.code = [`${scope.indent}${head}, (${parameters}) => {`, ...lines, `${scope.indent}  return ${result};`, `${scope.indent}});`].join(
    "\n",
  );
  return made.name;
}

/** Types one expression decides: no items to walk, nothing to replace. */
function isPlain(type: TypeSpec): boolean {
  if (typeof type === "string") return true;
  if (type.kind === "generic") return containerKind(type.of) === "unknown";
  return type.kind === "union" ? type.members.every(isPlain) : type.kind === "literal" || type.kind === "class" || type.kind === "enum";
}

/** A member of such a union would take a missing value for one of its own. */
function isUnionTakingUndefined(type: TypeSpec): boolean {
  const takes = (member: TypeSpec): boolean =>
    member === "any" ||
    member === "object" ||
    (typeof member === "object" &&
      (member.kind === "slot" || isUnionTakingUndefined(member) || (member.kind === "generic" && containerKind(member.of) === "unknown")));
  return typeof type === "object" && type.kind === "union" && type.members.some(takes);
}

const isMembers = (type: TypeSpec): boolean => typeof type === "object" && (type.kind === "literal" || type.kind === "enum");

function holdsSlot(type: TypeSpec | "ellipsis"): boolean {
  if (typeof type === "string") return false;
  if (type.kind === "generic") return type.args.some(holdsSlot);
  if (type.kind === "union") return type.members.some(holdsSlot);
  return type.kind === "slot" || (type.kind === "model" && type.fields.some((field) => holdsSlot(field.type)));
}

/** Whether a check may return another value than it was given: a model's defaults fill, a schema transforms. */
function replaces(type: TypeSpec | "ellipsis"): boolean {
  if (typeof type === "string") return false;
  if (type.kind === "generic") return containerKind(type.of) !== "unknown" && type.args.some(replaces);
  if (type.kind === "union") return type.members.some(replaces);
  return type.kind === "slot" || type.kind === "model" || type.kind === "ref";
}

/** An expression that is true where `x` is no value of the plain type; null where every value is one; "" for types that are not plain. */
function failsTest(type: TypeSpec, x: string, scope: Scope): string | null {
  if (typeof type === "string") return atomFails(type, x, scope);
  switch (type.kind) {
    case "literal":
      return notAmong(type.values.map(constantLiteral), x);
    case "enum":
      return notAmong(
        type.members.map(([, value]) => JSON.stringify(value)),
        x,
      );
    case "class":
      return `!${scope.abi}.isInstance(${JSON.stringify(type.name)}, ${x})`;
    case "union": {
      if (!isPlain(type)) return "";
      const tests = type.members.map((member) => failsTest(member, x, scope));
      return tests.includes(null) ? null : tests.join(" && ");
    }
    case "generic":
      return containerKind(type.of) === "unknown" ? null : "";
    default:
      return "";
  }
}

function notAmong(values: readonly string[], x: string): string {
  return values.length <= 6 ? values.map((value) => `${x} !== ${value}`).join(" && ") : `![${values.join(", ")}].includes(${x})`;
}

function atomFails(type: string, x: string, scope: Scope): string | null {
  switch (type) {
    case "str":
    case "complex":
      return `typeof ${x} !== "string"`;
    case "int":
      return `!Number.isSafeInteger(${x})`;
    case "float":
      return `typeof ${x} !== "number"`;
    case "bool":
      return `typeof ${x} !== "boolean"`;
    case "bytes":
    case "bytearray":
      return `!(${x} instanceof Uint8Array)`;
    case "none":
      return `${x} !== null`;
    case "list":
    case "tuple":
      return `!Array.isArray(${x})`;
    case "set":
    case "frozenset":
      return `!(${x} instanceof Set)`;
    case "dict":
      return `!${scope.abi}.isRecord(${x})`;
    default:
      return null;
  }
}

/**
 * A quick test that is false for every value within the constraints (so the helper is not called); "" where none is
 * worth writing. Lengths of strings are tested in UTF-16 units on the safe side: the helper counts code points.
 */
function withinTest(type: TypeSpec, constraints: Constraints, x: string): string {
  if (typeof type === "object" && type.kind === "union") {
    const members = type.members.filter((member) => member !== "none");
    const inner = members.length === 1 && members.length < type.members.length ? withinTest(members[0]!, constraints, x) : "";
    return inner && `${x} !== null && ${inner}`;
  }
  const tests = Object.entries(constraints).map(([name, bound]) => holds(name, plainBound(bound), type, x));
  return tests.includes("") ? "" : `!(${tests.join(" && ")})`;
}

/** A whole float keeps its spelling, `{ float: "0.0" }`; what is compared is the number. */
const plainBound = (bound: unknown): unknown => (typeof bound === "object" ? Number((bound as { readonly float: string }).float) : bound);

function holds(name: string, bound: unknown, type: TypeSpec, x: string): string {
  if (type === "int" || type === "float") {
    const operator = ({ gt: ">", ge: ">=", lt: "<", le: "<=" } as Record<string, string>)[name];
    if (operator) return `${x} ${operator} ${bound}`;
    if (name === "multiple_of") return `${x} % ${bound} === 0`;
    return name === "allow_inf_nan" && !bound ? `Number.isFinite(${x})` : "";
  }
  if (name === "pattern") return type === "str" ? `/${new RegExp(bound as string, "u").source}/u.test(${x})` : "";
  const kind = typeof type === "object" && type.kind === "generic" ? containerKind(type.of) : undefined;
  const size =
    kind === "array" || kind === "tuple" || type === "list" || type === "tuple" || type === "str"
      ? `${x}.length`
      : kind === "set" || type === "set"
        ? `${x}.size`
        : "";
  if (size === "") return "";
  if (name === "max_length") return `${size} <= ${bound}`;
  return name === "min_length" ? `${size} >= ${type === "str" && bound !== 1 ? 2 * (bound as number) : bound}` : "";
}

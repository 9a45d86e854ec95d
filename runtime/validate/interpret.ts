/**
 * The validators of a signature known only at run time: a walk over its TypeSpec, with the same results and the same
 * issues as the code `compiler/5-emit` writes for it (a property test holds the two equal).
 */
import type { Issue } from "../errors.ts";
import type { SignatureCode } from "../signature.ts";
import type { AtomType, Constant, FieldSpec, GenericType, ModelField, ModelType, SignatureSpec, TypeSpec, UnionType } from "../spec.ts";
import { typeText } from "../type-text.ts";
import { isInstance } from "./classes.ts";
import { limit } from "./constraints.ts";
import { containerKind } from "./container-kind.ts";
import { anyOf, type Check, eachItem, eachMember, eachPlace, eachValue, keyOf, modelFields } from "./containers.ts";
import { type Fields, isRecord } from "./fields.ts";
import type { FieldsCheck, GeneratedCode } from "./generated.ts";
import { type Path, report } from "./issue.ts";
import { type StandardSchema, slot } from "./slot.ts";
import { typedCode } from "./typed-code.ts";

/** `slots` are the schemas of the signature's `${schema}` holes, in order. */
export function interpret(spec: SignatureSpec, slots: readonly StandardSchema[] = []): SignatureCode {
  return typedCode(spec, interpretedCode(spec), slots);
}

/** In the shape of generated code, for `defineSlotted`. */
export function interpretedCode(spec: SignatureSpec): GeneratedCode {
  return { validateInputs: fieldsCheck(spec.inputs), validateOutputs: fieldsCheck(spec.outputs) };
}

interface Scope {
  readonly slots: readonly StandardSchema[];
  /** The models around the type, the innermost first: a reference means the nearest of its name. */
  readonly models: Models | undefined;
}
interface Models {
  readonly model: ModelType;
  readonly around: Models | undefined;
}

function fieldsCheck(table: readonly FieldSpec[]): FieldsCheck {
  return (fields, issues, slots) => checkFields(table, fields, [], issues, { slots, models: undefined });
}

function checkFields(
  table: readonly (FieldSpec | ModelField)[],
  fields: Fields,
  path: Path,
  issues: Issue[],
  scope: Scope,
): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const field of table) {
    let value = fields[field.name];
    if (value === undefined)
      value = field.default !== undefined ? constantValue(field.default) : acceptsNull(field.type) ? null : undefined;
    const checked = checkField(field, value, [...path, field.name], issues, scope);
    Object.defineProperty(out, field.name, { value: checked, enumerable: true, writable: true, configurable: true });
  }
  return out;
}

function checkField(field: FieldSpec | ModelField, value: unknown, path: Path, issues: Issue[], scope: Scope): unknown {
  // A schema decides for itself what a missing value is.
  const isSlot = typeof field.type === "object" && field.type.kind === "slot";
  if (value === undefined && !isSlot) return report(issues, path, typeText(field.type), value);
  const before = issues.length;
  const checked = check(field.type, value, path, issues, scope);
  if (field.constraints) limit(issues, path, field.constraints, checked, before);
  return checked;
}

/** A missing Optional is its default, else null. */
function acceptsNull(type: TypeSpec): boolean {
  return type === "none" || (typeof type === "object" && type.kind === "union" && type.members.includes("none"));
}

/** A constant of the language as the JavaScript value it stands for. */
function constantValue(value: Constant): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(constantValue);
  const tagged = value as { float?: unknown; int?: unknown; repr?: unknown; dict?: unknown };
  if (typeof tagged.float === "string") return Number(tagged.float);
  if (typeof tagged.int === "string") return BigInt(tagged.int);
  if (typeof tagged.repr === "string") return tagged.repr;
  // A schema's default comes as plain JSON.
  const entries = (Array.isArray(tagged.dict) ? tagged.dict : Object.entries(value)) as readonly (readonly [Constant, Constant])[];
  return Object.fromEntries(entries.map(([key, item]) => [String(constantValue(key)), constantValue(item)]));
}

function check(type: TypeSpec, value: unknown, path: Path, issues: Issue[], scope: Scope): unknown {
  if (typeof type === "string" || isPlain(type)) {
    if (!accepts(type, value)) report(issues, path, typeText(type), value);
    return value;
  }
  switch (type.kind) {
    case "generic":
      return checkGeneric(type, value, path, issues, scope);
    case "union":
      return checkUnion(type, value, path, issues, scope);
    case "slot":
      return slot(scope.slots[type.index]!, value, path, issues);
    case "model":
      return checkModel(value, path, issues, { slots: scope.slots, models: { model: type, around: scope.models } });
    case "ref": {
      let models = scope.models!;
      while (models.model.name !== type.name) models = models.around!;
      return checkModel(value, path, issues, { slots: scope.slots, models });
    }
    default:
      return value;
  }
}

/** Of the innermost model. */
function checkModel(value: unknown, path: Path, issues: Issue[], scope: Scope): unknown {
  const type = scope.models!.model;
  const fields = modelFields(
    value,
    path,
    issues,
    type.name,
    type.fields.map((field) => field.name),
  );
  return fields === undefined ? value : checkFields(type.fields, fields, path, issues, scope);
}

function checkGeneric(type: GenericType, value: unknown, path: Path, issues: Issue[], scope: Scope): unknown {
  const expected = typeText(type);
  const part =
    (arg: TypeSpec): Check =>
    (item, at, found) =>
      check(arg, item, at, found, scope);
  const [first = "any", second = "any"] = type.args as readonly TypeSpec[];
  switch (containerKind(type.of)) {
    case "array":
      return eachItem(value, path, issues, expected, part(first));
    case "set":
      return eachMember(value, path, issues, expected, part(first));
    case "record": {
      const key =
        first === "int" || first === "float" ? (name: string, at: Path, found: Issue[]) => keyOf(first, name, at, found) : undefined;
      return eachValue(value, path, issues, expected, key ?? (isLiteral(first) ? part(first) : undefined), part(second));
    }
    case "tuple":
      if (type.args[1] === "ellipsis") return eachItem(value, path, issues, expected, part(first));
      return eachPlace(value, path, issues, expected, (type.args as readonly TypeSpec[]).map(part));
    default:
      return value;
  }
}

function checkUnion(type: UnionType, value: unknown, path: Path, issues: Issue[], scope: Scope): unknown {
  if (value === null && type.members.includes("none")) return null;
  const members = type.members.filter((member) => member !== "none");
  if (members.length === 1) return check(members[0]!, value, path, issues, scope);
  return anyOf(
    value,
    path,
    issues,
    typeText(type),
    members.map(
      (member): Check =>
        (item, at, found) =>
          check(member, item, at, found, scope),
    ),
  );
}

/** Types one expression decides: no items to walk, nothing to replace. */
function isPlain(type: TypeSpec): boolean {
  if (typeof type === "string") return true;
  if (type.kind === "generic") return containerKind(type.of) === "unknown";
  return type.kind === "union" ? type.members.every(isPlain) : type.kind === "literal" || type.kind === "class" || type.kind === "enum";
}

const isLiteral = (type: TypeSpec): boolean => typeof type === "object" && (type.kind === "literal" || type.kind === "enum");

function accepts(type: TypeSpec, value: unknown): boolean {
  if (typeof type === "string") return acceptsAtom(type, value);
  switch (type.kind) {
    case "literal":
      return type.values.map(constantValue).includes(value);
    case "enum":
      return type.members.some(([, member]) => member === value);
    case "class":
      return isInstance(type.name, value);
    case "union":
      return type.members.some((member) => accepts(member, value));
    default:
      return true;
  }
}

function acceptsAtom(type: AtomType, value: unknown): boolean {
  switch (type) {
    case "str":
    case "complex":
      return typeof value === "string";
    case "int":
      return Number.isSafeInteger(value);
    case "float":
      return typeof value === "number";
    case "bool":
      return typeof value === "boolean";
    case "bytes":
    case "bytearray":
      return value instanceof Uint8Array;
    case "none":
      return value === null;
    case "list":
    case "tuple":
      return Array.isArray(value);
    case "set":
    case "frozenset":
      return value instanceof Set;
    case "dict":
      return isRecord(value);
    default:
      return true;
  }
}

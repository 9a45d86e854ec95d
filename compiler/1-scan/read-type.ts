/**
 * From TypeScript's types to the compiler's: what has a JSON form becomes a TypeSpec, what has none is said by its
 * path. `number` is `float` unless its TSDoc says `@int`; a property that may be absent is one that may be null.
 */
import type * as tsMorph from "ts-morph";
import type { Constant, ModelField, TypeSpec } from "../../runtime/abi.ts";
import { inWrittenOrder, writtenFor, writtenPart } from "./written.ts";

type Ts = typeof tsMorph.ts;
type Type = tsMorph.ts.Type;
type Symbol = tsMorph.ts.Symbol;

/** As deep as signatures go; an endlessly growing generic type ends here. */
const DEEPEST = 64;
/** So many are told one by one; an object with more of them is there for what it does. */
const MOST_METHODS = 3;
/** Models stand in full wherever they are used, so a type that doubles at every level would be read for ever. */
const MOST_PARTS = 10_000;

export interface TypeReading {
  /** Undefined after telling what is wrong. */
  readonly read: (type: Type, context?: Context) => TypeSpec | undefined;
  /** An object type's properties. What may be absent has the default null: in a model it may be null too, in a call it is left out. */
  readonly properties: (type: Type, absent: "null" | "left out") => ModelField[] | undefined;
}

/** What stands around a type. */
interface Context {
  /** Names an object type that has no name of its own. */
  readonly name?: string | undefined;
  /** `@int` of the property's TSDoc. */
  readonly int?: boolean;
  /** What was written for it. */
  readonly written?: tsMorph.ts.TypeNode | undefined;
}

type Tell = (message: string, hint?: string) => void;

export function typeReading(ts: Ts, checker: tsMorph.ts.TypeChecker, at: tsMorph.ts.Node, tell: Tell): TypeReading {
  const open = new Map<Type, string>();
  const names = new Map<string, Type>();
  const path: string[] = [];
  let parts = 0;
  /** Told that there is no end: whatever else is asked on the way back is left unread. */
  let ended = false;

  const refuse = (what: string, hint?: string): undefined => {
    tell(`${path.length ? `\`${path.join(".")}\`` : "This type"} is ${what}, which no field of a signature can hold.`, hint);
    return undefined;
  };

  const read = (type: Type, context: Context = {}): TypeSpec | undefined => {
    if (ended) return undefined;
    if (path.length > DEEPEST || ++parts > MOST_PARTS) {
      ended = true;
      const what = path.length > DEEPEST ? "nested without end" : `of more than ${MOST_PARTS} parts`;
      tell(
        `This type is ${what}, which no field of a signature can hold.`,
        "Put what contains itself in an interface, or write `unknown`.",
      );
      return undefined;
    }
    const { flags } = type;
    if ((type as { readonly intrinsicName?: string }).intrinsicName === "error")
      return refuse("a type that TypeScript cannot find", "See what tsc says of it.");
    if (flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return "any";
    if (flags & ts.TypeFlags.EnumLike && type.symbol && isWholeEnum(type)) return enumType(type);
    if (flags & (ts.TypeFlags.Boolean | ts.TypeFlags.BooleanLike) && flags & ts.TypeFlags.Boolean) return "bool";
    if (flags & ts.TypeFlags.NonPrimitive) return "dict";
    if (type.isUnion()) return union(inWrittenOrder(ts, checker, type.types, context.written), context);
    if (flags & ts.TypeFlags.StringLike && !type.isStringLiteral()) return "str";
    if (flags & ts.TypeFlags.NumberLike && !type.isNumberLiteral()) return context.int ? "int" : "float";
    if (flags & ts.TypeFlags.BigIntLike) return "int";
    if (flags & (ts.TypeFlags.Null | ts.TypeFlags.Undefined | ts.TypeFlags.Void)) return "none";
    const constant = constantOf(type);
    if (constant !== undefined) return { kind: "literal", values: [constant] };
    if (flags & ts.TypeFlags.Never) return refuse("`never`");
    if (flags & ts.TypeFlags.ESSymbolLike) return refuse("a symbol");
    if (flags & ts.TypeFlags.TypeParameter) {
      const bound = checker.getBaseConstraintOfType(type);
      return bound ? read(bound, context) : "any";
    }
    return objectType(type, context);
  };

  const constantOf = (type: Type): Constant | undefined => {
    if (type.isStringLiteral()) return type.value;
    if (type.isNumberLiteral()) return type.value;
    if (type.flags & ts.TypeFlags.BooleanLiteral) return checker.typeToString(type) === "true";
    return undefined;
  };

  const union = (types: readonly Type[], context: Context): TypeSpec | undefined => {
    const members: TypeSpec[] = [];
    const values: Constant[] = [];
    let literalAt = -1;
    let none = false;
    const addValue = (value: Constant) => {
      if (literalAt < 0) literalAt = members.push({ kind: "literal", values }) - 1;
      if (!values.includes(value)) values.push(value);
    };
    const rest = new Set(types);
    for (const type of types) {
      if (!rest.delete(type)) continue;
      if (type.flags & (ts.TypeFlags.Null | ts.TypeFlags.Undefined | ts.TypeFlags.Void)) {
        none = true;
        continue;
      }
      const whole = wholeEnumOf(type, types);
      if (whole) {
        for (const other of types) if (parentOf(other) === whole) rest.delete(other);
        const found = enumOf(whole);
        if (!found) return undefined;
        members.push(found);
        continue;
      }
      const value = constantOf(type);
      if (typeof value === "boolean" && types.filter((t) => t.flags & ts.TypeFlags.BooleanLiteral).length === 2) {
        if (!members.includes("bool")) members.push("bool");
      } else if (value !== undefined) addValue(value);
      else {
        const member = read(type, { ...context, written: undefined });
        if (member === undefined) return undefined;
        if (!members.some((m) => JSON.stringify(m) === JSON.stringify(member))) members.push(member);
      }
    }
    if (none) members.push("none");
    return members.length === 1 ? members[0]! : { kind: "union", members };
  };

  const parentOf = (type: Type): Symbol | undefined =>
    type.flags & ts.TypeFlags.EnumLiteral && type.symbol ? (type.symbol as Symbol & { readonly parent?: Symbol }).parent : undefined;
  const isWholeEnum = (type: Type): boolean => (type.symbol.flags & ts.SymbolFlags.Enum) !== 0;
  const wholeEnumOf = (type: Type, among: readonly Type[]): Symbol | undefined => {
    const parent = parentOf(type);
    const size = parent?.exports?.size ?? 0;
    return parent && size > 0 && among.filter((t) => parentOf(t) === parent).length === size ? parent : undefined;
  };
  const enumType = (type: Type): TypeSpec | undefined => enumOf(type.symbol);
  const enumOf = (symbol: Symbol): TypeSpec | undefined => {
    const members: [string, string | number][] = [];
    for (const member of symbol.exports?.values() ?? []) {
      const declaration = member.valueDeclaration;
      const value = declaration && ts.isEnumMember(declaration) ? checker.getConstantValue(declaration) : undefined;
      if (value === undefined) return refuse("an enum whose values are computed", "Give each member a constant value.");
      members.push([member.name, value]);
    }
    return { kind: "enum", name: symbol.name, members };
  };

  const objectType = (type: Type, context: Context): TypeSpec | undefined => {
    const symbol = type.symbol as Symbol | undefined;
    if (checker.isTupleType(type)) return tuple(type as tsMorph.ts.TupleTypeReference, context);
    if (checker.isArrayType(type)) return generic("list", checker.getTypeArguments(type as tsMorph.ts.TypeReference), context);
    const known = symbol && builtin(symbol);
    if (known === "set") return generic("set", checker.getTypeArguments(type as tsMorph.ts.TypeReference).slice(0, 1), context);
    if (known) return known;
    if (symbol && UNSUITABLE[symbol.name] && isGlobal(symbol)) return refuse(`a ${symbol.name}`, UNSUITABLE[symbol.name]);
    if (type.getCallSignatures().length || type.getConstructSignatures().length) return refuse("a function");
    if (type.isIntersection() && type.types.some((t) => t.flags & (ts.TypeFlags.StringLike | ts.TypeFlags.NumberLike))) {
      // A branded primitive, `string & { readonly brand: "Id" }`, is its primitive in JSON.
      return read(type.types.find((t) => t.flags & (ts.TypeFlags.StringLike | ts.TypeFlags.NumberLike))!, context);
    }
    const index = checker.getIndexInfoOfType(type, ts.IndexKind.String);
    const own = checker.getPropertiesOfType(type);
    if (index && own.length === 0) {
      path.push("[key]");
      const value = read(index.type, { written: writtenPart(ts, checker, context.written, 1) });
      path.pop();
      return value === undefined ? undefined : { kind: "generic", of: "dict", args: ["str", value] };
    }
    if (index) return refuse("an object with both fixed and free keys", "Use one or the other.");
    return model(type, context.name);
  };

  const generic = (of: string, args: readonly Type[], context: Context): TypeSpec | undefined => {
    path.push("[]");
    const inner = args.map((arg, i) => read(arg, { ...context, written: writtenPart(ts, checker, context.written, i) }));
    path.pop();
    return inner.every((arg) => arg !== undefined) ? { kind: "generic", of, args: inner as TypeSpec[] } : undefined;
  };

  const tuple = (type: tsMorph.ts.TupleTypeReference, context: Context): TypeSpec | undefined => {
    const args = checker.getTypeArguments(type);
    const { elementFlags } = type.target;
    if (elementFlags.length === 1 && elementFlags[0]! & ts.ElementFlags.Rest) return generic("list", args, {});
    if (elementFlags.some((flag) => !(flag & ts.ElementFlags.Required)))
      return refuse("a tuple of varying length", "Write an array, or a tuple of fixed length.");
    return generic("tuple", args, { written: context.written });
  };

  const model = (type: Type, given: string | undefined): TypeSpec | undefined => {
    const running = open.get(type);
    if (running !== undefined) return { kind: "ref", name: running };
    const name = modelName(type, given);
    open.set(type, name);
    const fields = properties(type, "null");
    open.delete(type);
    const symbol = type.aliasSymbol ?? type.symbol;
    const doc = symbol && ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim();
    return fields && { kind: "model", name, ...(doc ? { doc } : {}), fields };
  };

  /** The declared name, arguments included; two types of one name get a number. */
  const modelName = (type: Type, given: string | undefined): string => {
    const symbol = type.aliasSymbol ?? type.symbol;
    const declared = symbol && !/^__/.test(symbol.name) ? symbol.name : undefined;
    const args = type.aliasTypeArguments ?? (declared ? (type as tsMorph.ts.TypeReference).typeArguments : undefined) ?? [];
    const base =
      `${declared ?? given ?? "Object"}${args.map((arg) => (arg.aliasSymbol ?? arg.symbol)?.name ?? checker.typeToString(arg)).join("")}`.replace(
        /[^\p{ID_Continue}]/gu,
        "",
      ) || "Object";
    let name = base[0]!.toUpperCase() + base.slice(1);
    for (let n = 2; names.has(name) && names.get(name) !== type; n++) name = `${base}${n}`;
    names.set(name, type);
    return name;
  };

  const properties: TypeReading["properties"] = (type, absent): ModelField[] | undefined => {
    const fields: ModelField[] = [];
    let sound = true;
    const all = checker.getPropertiesOfType(type);
    const methods = all.filter((property) => checker.getTypeOfSymbolAtLocation(property, at).getCallSignatures().length > 0);
    // One sentence for what is no data at all, such as an AbortSignal.
    if (methods.length > MOST_METHODS) return refuse(`an object with ${methods.length} methods`, "Write an interface of its data.");
    for (const property of all) {
      path.push(property.name);
      const optional = (property.flags & ts.SymbolFlags.Optional) !== 0;
      if (isHidden(property)) {
        refuse("private", "Write an interface of what is public.");
        path.pop();
        sound = false;
        continue;
      }
      const declared = checker.getTypeOfSymbolAtLocation(property, at);
      const int = property.getJsDocTags(checker).some((tag) => tag.name === "int");
      const inner = read(optional ? checker.getNonNullableType(declared) : declared, {
        name: property.name,
        int,
        written: writtenFor(ts, property.valueDeclaration),
      });
      const nullable = absent === "null" && optional && inner !== undefined && declared !== checker.getNonNullableType(declared);
      path.pop();
      if (inner === undefined) {
        sound = false;
        continue;
      }
      const desc = ts.displayPartsToString(property.getDocumentationComment(checker)).trim();
      fields.push({
        name: property.name,
        type: nullable && !acceptsNull(inner) ? orNone(inner) : inner,
        ...(desc ? { desc } : {}),
        ...(optional ? { default: null } : {}),
      });
    }
    return sound ? fields : undefined;
  };

  const isHidden = (property: Symbol): boolean =>
    property.declarations?.some((d) => ts.getCombinedModifierFlags(d) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) ?? false;

  const isGlobal = (symbol: Symbol): boolean =>
    !!symbol.declarations?.every(
      (d) =>
        !ts.isExternalModule(d.getSourceFile()) || /node_modules\/(?:@types\/node|typescript|@ts-morph)\//.test(d.getSourceFile().fileName),
    );

  /** Classes of the language and of dspex that have a form of their own. */
  const builtin = (symbol: Symbol): TypeSpec | "set" | undefined => {
    if (isGlobal(symbol)) {
      if (symbol.name === "Date") return { kind: "class", name: "datetime.datetime" };
      if (symbol.name === "Uint8Array" || symbol.name === "Buffer") return "bytes";
      if (symbol.name === "Set" || symbol.name === "ReadonlySet") return "set";
      if (symbol.name === "Object" || symbol.name === "object") return "dict";
      return undefined;
    }
    const ours = symbol.declarations?.some((d) =>
      /\/(?:dspex\/dist\/types|runtime)\/[\w/]*values\.(?:d\.)?ts$/.test(d.getSourceFile().fileName.replaceAll("\\", "/")),
    );
    return ours && (symbol.name === "Image" || symbol.name === "History") ? { kind: "class", name: `dspy.${symbol.name}` } : undefined;
  };

  return { read, properties };
}

const UNSUITABLE: Readonly<Record<string, string>> = {
  Map: "Write `Record<string, T>`.",
  WeakMap: "Write `Record<string, T>`.",
  WeakSet: "Write `Set<T>`.",
  Promise: "Write the type it resolves to.",
  RegExp: "Write `string`.",
  URL: "Write `string`.",
  Error: "Write an object with the fields you need.",
  Function: "",
};

const acceptsNull = (type: TypeSpec): boolean =>
  type === "none" || type === "any" || (typeof type === "object" && type.kind === "union" && type.members.includes("none"));

function orNone(type: TypeSpec): TypeSpec {
  return typeof type === "object" && type.kind === "union"
    ? { kind: "union", members: [...type.members, "none"] }
    : { kind: "union", members: [type, "none"] };
}

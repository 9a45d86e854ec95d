/**
 * From TypeScript's types to the compiler's: what has a JSON form becomes a TypeSpec, what has none is said by its
 * path. `number` is `float` unless its TSDoc says `@int`; a property that may be absent is one that may be null.
 */
import type * as tsMorph from "ts-morph";
import type { ModelField, TypeSpec } from "../../../runtime/abi.ts";
import { readConstant } from "./constant.ts";
import { isWholeEnum, readEnum } from "./enum.ts";
import { readObject } from "./object.ts";
import { readProperties } from "./properties.ts";
import type { Context, Reading, Ts, Type } from "./reading.ts";
import { readUnion } from "./union.ts";

/** As deep as signatures go; an endlessly growing generic type ends here. */
const DEEPEST = 64;
/** Models stand in full wherever they are used, so a type that doubles at every level would be read for ever. */
const MOST_PARTS = 10_000;

export interface TypeReading {
  /** Undefined after telling what is wrong. */
  readonly read: (type: Type, context?: Context) => TypeSpec | undefined;
  /** An object type's properties. What may be absent has the default null: in a model it may be null too, in a call it is left out. */
  readonly properties: (type: Type, absent: "null" | "left out") => ModelField[] | undefined;
}

type Tell = (message: string, hint?: string) => void;

export function typeReading(ts: Ts, checker: tsMorph.ts.TypeChecker, at: tsMorph.ts.Node, tell: Tell): TypeReading {
  const path: string[] = [];
  let parts = 0;
  /** Told that there is no end: whatever else is asked on the way back is left unread. */
  let ended = false;

  const refuse: Reading["refuse"] = (what, hint) => {
    tell(`${path.length ? `\`${path.join(".")}\`` : "This type"} is ${what}, which no field of a signature can hold.`, hint);
    return undefined;
  };

  const read: Reading["read"] = (type, context = {}) => {
    if (ended) return undefined;
    if (path.length <= DEEPEST && ++parts <= MOST_PARTS) return readType(reading, type, context);
    ended = true;
    const what = path.length > DEEPEST ? "nested without end" : `of more than ${MOST_PARTS} parts`;
    tell(`This type is ${what}, which no field of a signature can hold.`, "Put what contains itself in an interface, or write `unknown`.");
    return undefined;
  };

  const reading: Reading = { ts, checker, at, path, open: new Map(), names: new Map(), read, refuse };
  return { read, properties: (type, absent) => readProperties(reading, type, absent) };
}

function readType(reading: Reading, type: Type, context: Context): TypeSpec | undefined {
  const { ts, checker, read, refuse } = reading;
  const { flags } = type;
  if ((type as { readonly intrinsicName?: string }).intrinsicName === "error")
    return refuse("a type that TypeScript cannot find", "See what tsc says of it.");
  if (flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return "any";
  if (flags & ts.TypeFlags.EnumLike && type.symbol && isWholeEnum(ts, type)) return readEnum(reading, type.symbol);
  if (flags & ts.TypeFlags.Boolean) return "bool";
  if (flags & ts.TypeFlags.NonPrimitive) return "dict";
  if (type.isUnion()) return readUnion(reading, type.types, context);
  if (flags & ts.TypeFlags.StringLike && !type.isStringLiteral()) return "str";
  if (flags & ts.TypeFlags.NumberLike && !type.isNumberLiteral()) return context.int ? "int" : "float";
  if (flags & ts.TypeFlags.BigIntLike) return "int";
  if (flags & (ts.TypeFlags.Null | ts.TypeFlags.Undefined | ts.TypeFlags.Void)) return "none";
  const constant = readConstant(reading, type);
  if (constant !== undefined) return { kind: "literal", values: [constant] };
  if (flags & ts.TypeFlags.Never) return refuse("`never`");
  if (flags & ts.TypeFlags.ESSymbolLike) return refuse("a symbol");
  if (flags & ts.TypeFlags.TypeParameter) {
    const bound = checker.getBaseConstraintOfType(type);
    return bound ? read(bound, context) : "any";
  }
  return readObject(reading, type, context);
}

/** Types with properties: collections, classes that have a form of their own, records, and models. */
import type * as tsMorph from "ts-morph";
import type { TypeSpec } from "../../../runtime/abi.ts";
import { writtenPart } from "../written.ts";
import { knownClass, unsuitable } from "./known-class.ts";
import { readModel } from "./model.ts";
import type { Context, Reading, TsSymbol, Type } from "./reading.ts";

export function readObject(reading: Reading, type: Type, context: Context): TypeSpec | undefined {
  const { ts, checker, path, read, refuse } = reading;
  const symbol = type.symbol as TsSymbol | undefined;
  if (checker.isTupleType(type)) return tuple(reading, type as tsMorph.ts.TupleTypeReference, context);
  if (checker.isArrayType(type)) return generic(reading, "list", checker.getTypeArguments(type as tsMorph.ts.TypeReference), context);
  const known = symbol && knownClass(ts, symbol);
  if (known === "set") return generic(reading, "set", checker.getTypeArguments(type as tsMorph.ts.TypeReference).slice(0, 1), context);
  if (known) return known;
  const instead = symbol && unsuitable(ts, symbol);
  if (instead !== undefined) return refuse(`a ${symbol!.name}`, instead);
  if (type.getCallSignatures().length || type.getConstructSignatures().length) return refuse("a function");
  const primitive = type.isIntersection() && type.types.find((part) => part.flags & (ts.TypeFlags.StringLike | ts.TypeFlags.NumberLike));
  // A branded primitive, `string & { readonly brand: "Id" }`, is its primitive in JSON.
  if (primitive) return read(primitive, context);
  const index = checker.getIndexInfoOfType(type, ts.IndexKind.String);
  if (!index) return readModel(reading, type, context.name);
  if (checker.getPropertiesOfType(type).length > 0) return refuse("an object with both fixed and free keys", "Use one or the other.");
  path.push("[key]");
  const value = read(index.type, { written: writtenPart(ts, checker, context.written, 1) });
  path.pop();
  return value === undefined ? undefined : { kind: "generic", of: "dict", args: ["str", value] };
}

function generic({ ts, checker, path, read }: Reading, of: string, args: readonly Type[], context: Context): TypeSpec | undefined {
  path.push("[]");
  const inner = args.map((arg, i) => read(arg, { ...context, written: writtenPart(ts, checker, context.written, i) }));
  path.pop();
  return inner.every((arg) => arg !== undefined) ? { kind: "generic", of, args: inner as TypeSpec[] } : undefined;
}

function tuple(reading: Reading, type: tsMorph.ts.TupleTypeReference, context: Context): TypeSpec | undefined {
  const { ts, checker, refuse } = reading;
  const args = checker.getTypeArguments(type);
  const { elementFlags } = type.target;
  if (elementFlags.length === 1 && elementFlags[0]! & ts.ElementFlags.Rest) return generic(reading, "list", args, {});
  if (elementFlags.some((flag) => !(flag & ts.ElementFlags.Required)))
    return refuse("a tuple of varying length", "Write an array, or a tuple of fixed length.");
  return generic(reading, "tuple", args, { written: context.written });
}

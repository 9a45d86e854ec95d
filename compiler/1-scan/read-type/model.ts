/** An object type as a model: its name, its TSDoc, its properties. */
import type * as tsMorph from "ts-morph";
import type { TypeSpec } from "../../../runtime/abi.ts";
import { readProperties } from "./properties.ts";
import type { Reading, Type } from "./reading.ts";

export function readModel(reading: Reading, type: Type, given: string | undefined): TypeSpec | undefined {
  const { ts, checker, open } = reading;
  const running = open.get(type);
  if (running !== undefined) return { kind: "ref", name: running };
  const name = modelName(reading, type, given);
  open.set(type, name);
  const fields = readProperties(reading, type, "null");
  open.delete(type);
  const symbol = type.aliasSymbol ?? type.symbol;
  const doc = symbol && ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim();
  return fields && { kind: "model", name, ...(doc ? { doc } : {}), fields };
}

/** The declared name, arguments included; two types of one name get a number. */
function modelName({ checker, names }: Reading, type: Type, given: string | undefined): string {
  const symbol = type.aliasSymbol ?? type.symbol;
  const declared = symbol && !/^__/.test(symbol.name) ? symbol.name : undefined;
  const args = type.aliasTypeArguments ?? (declared ? (type as tsMorph.ts.TypeReference).typeArguments : undefined) ?? [];
  const argNames = args.map((arg) => (arg.aliasSymbol ?? arg.symbol)?.name ?? checker.typeToString(arg)).join("");
  const base = `${declared ?? given ?? "Object"}${argNames}`.replace(/[^\p{ID_Continue}]/gu, "") || "Object";
  let name = base[0]!.toUpperCase() + base.slice(1);
  for (let n = 2; names.has(name) && names.get(name) !== type; n++) name = `${base}${n}`;
  names.set(name, type);
  return name;
}

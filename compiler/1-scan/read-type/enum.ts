/** Enums. TypeScript spreads one over the members of a union; all of them together are the enum again. */
import type { TypeSpec } from "../../../runtime/abi.ts";
import type { Reading, Ts, TsSymbol, Type } from "./reading.ts";

export function readEnum({ ts, checker, refuse }: Reading, symbol: TsSymbol): TypeSpec | undefined {
  const members: [string, string | number][] = [];
  for (const member of symbol.exports?.values() ?? []) {
    const declaration = member.valueDeclaration;
    const value = declaration && ts.isEnumMember(declaration) ? checker.getConstantValue(declaration) : undefined;
    if (value === undefined) return refuse("an enum whose values are computed", "Give each member a constant value.");
    members.push([member.name, value]);
  }
  return { kind: "enum", name: symbol.name, members };
}

export function isWholeEnum(ts: Ts, type: Type): boolean {
  return (type.symbol.flags & ts.SymbolFlags.Enum) !== 0;
}

/** The enum a member belongs to. */
export function enumOfMember(ts: Ts, type: Type): TsSymbol | undefined {
  if (!(type.flags & ts.TypeFlags.EnumLiteral)) return undefined;
  return (type.symbol as (TsSymbol & { readonly parent?: TsSymbol }) | undefined)?.parent;
}

/** The enum of this member, where all the others stand beside it. */
export function wholeEnumAmong(ts: Ts, type: Type, among: readonly Type[]): TsSymbol | undefined {
  const parent = enumOfMember(ts, type);
  const size = parent?.exports?.size ?? 0;
  return parent && size > 0 && among.filter((other) => enumOfMember(ts, other) === parent).length === size ? parent : undefined;
}

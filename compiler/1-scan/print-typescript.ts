/** A TypeScript type written out in full: no name that another file would have to import, so no path either. */
import type * as tsMorph from "ts-morph";

type Ts = typeof tsMorph.ts;
type Type = tsMorph.ts.Type;

const DEEPEST = 20;

export function printTypescript(ts: Ts, checker: tsMorph.ts.TypeChecker, type: Type, at: tsMorph.ts.Node): string {
  const running: Type[] = [];
  const print = (t: Type): string => {
    // A type inside itself has no text of its own; `unknown` is the honest end.
    if (running.includes(t) || running.length > DEEPEST) return "unknown";
    running.push(t);
    const text = printOne(t);
    running.pop();
    return text;
  };
  const printOne = (t: Type): string => {
    if (t.flags & ts.TypeFlags.Boolean) return "boolean";
    if (t.isUnion()) return printUnion(t.types);
    if (t.isIntersection()) return t.types.map((part) => wrap(print(part))).join(" & ");
    if (!(t.flags & ts.TypeFlags.Object))
      return t.flags & ts.TypeFlags.EnumLiteral && (t.isStringLiteral() || t.isNumberLiteral())
        ? JSON.stringify(t.value)
        : checker.typeToString(t);
    const args = () => checker.getTypeArguments(t as tsMorph.ts.TypeReference).map(print);
    if (checker.isTupleType(t)) return `[${args().join(", ")}]`;
    if (checker.isArrayType(t)) return `${wrap(args()[0]!)}[]`;
    const name = t.symbol?.name;
    if (name && /^(?:Date|Uint8Array|RegExp|URL|File|Blob)$/.test(name)) return name;
    if (name && /^(?:Set|ReadonlySet|Map|ReadonlyMap|Promise)$/.test(name)) return `${name}<${args().join(", ")}>`;
    if (t.getCallSignatures().length) return "(...args: never[]) => unknown";
    return printObject(t);
  };
  const printUnion = (types: readonly Type[]): string => {
    const both = types.filter((t) => t.flags & ts.TypeFlags.BooleanLiteral).length === 2;
    const parts = types.filter((t) => !both || !(t.flags & ts.TypeFlags.BooleanLiteral)).map((t) => wrap(print(t)));
    if (both) parts.push("boolean");
    // TypeScript's own order depends on what it met before; null and undefined read best at the end.
    const last = (text: string) => (text === "undefined" ? 2 : text === "null" ? 1 : 0);
    return [...new Set(parts)].sort((a, b) => last(a) - last(b) || (a < b ? -1 : 1)).join(" | ");
  };
  const printObject = (t: Type): string => {
    const parts = checker.getPropertiesOfType(t).map((property) => {
      const optional = property.flags & ts.SymbolFlags.Optional ? "?" : "";
      const key = /^[A-Za-z_$][\w$]*$/.test(property.name) ? property.name : JSON.stringify(property.name);
      const declared = checker.getTypeOfSymbolAtLocation(property, at);
      const present =
        optional && declared.isUnion() ? declared.types.filter((member) => !(member.flags & ts.TypeFlags.Undefined)) : [declared];
      return `${key}${optional}: ${present.length === 1 ? print(present[0]!) : printUnion(present)}`;
    });
    const index = checker.getIndexInfoOfType(t, ts.IndexKind.String);
    if (index && parts.length === 0) return `Record<string, ${print(index.type)}>`;
    return parts.length ? `{ ${parts.join("; ")} }` : "{}";
  };
  return print(type);
}

const wrap = (text: string): string => (/ [|&] |=>/.test(text) && !/^[{[(]/.test(text) ? `(${text})` : text);

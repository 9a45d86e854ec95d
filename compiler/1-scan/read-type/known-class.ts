/** Classes of the language and of dspex that have a form of their own, and those that have none. */
import type { TypeSpec } from "../../../runtime/abi.ts";
import type { Ts, TsSymbol } from "./reading.ts";

/** What to write instead. */
const UNSUITABLE: Readonly<Record<string, string>> = {
  Map: "Write `Record<string, T>`.",
  WeakMap: "Write `Record<string, T>`.",
  WeakSet: "Write `Set<T>`.",
  Promise: "Write the type it resolves to.",
  RegExp: "Write `string`.",
  URL: "Write `string`.",
  Error: "Write an object with the fields you need.",
  Function: "Write an interface of its data.",
};

export function unsuitable(ts: Ts, symbol: TsSymbol): string | undefined {
  const { name } = symbol;
  return Object.hasOwn(UNSUITABLE, name) && isGlobal(ts, symbol) ? UNSUITABLE[name] : undefined;
}

export function knownClass(ts: Ts, symbol: TsSymbol): TypeSpec | "set" | undefined {
  const { name } = symbol;
  if (isGlobal(ts, symbol)) {
    if (name === "Date") return { kind: "class", name: "datetime.datetime" };
    if (name === "Uint8Array" || name === "Buffer") return "bytes";
    if (name === "Set" || name === "ReadonlySet") return "set";
    if (name === "Object" || name === "object") return "dict";
    return undefined;
  }
  const ours = symbol.declarations?.some((declaration) =>
    /\/(?:dspex\/dist\/types|runtime)\/[\w/]*values\.(?:d\.)?ts$/.test(declaration.getSourceFile().fileName.replaceAll("\\", "/")),
  );
  return ours && (name === "Image" || name === "History") ? { kind: "class", name: `dspy.${name}` } : undefined;
}

/** Declared by the language or by Node, not by a module that happens to use the name. */
function isGlobal(ts: Ts, symbol: TsSymbol): boolean {
  return !!symbol.declarations?.every((declaration) => {
    const source = declaration.getSourceFile();
    return !ts.isExternalModule(source) || /node_modules\/(?:@types\/node|typescript|@ts-morph)\//.test(source.fileName);
  });
}

/** What reading one type carries along: TypeScript, where it was asked, and the way down to the part being read. */
import type * as tsMorph from "ts-morph";
import type { TypeSpec } from "../../../runtime/abi.ts";

export type Ts = typeof tsMorph.ts;
export type Type = tsMorph.ts.Type;
export type TsSymbol = tsMorph.ts.Symbol;

/** What stands around a type. */
export interface Context {
  /** Names an object type that has no name of its own. */
  readonly name?: string | undefined;
  /** `@int` of the property's TSDoc. */
  readonly int?: boolean;
  /** What was written for it. */
  readonly written?: tsMorph.ts.TypeNode | undefined;
}

export interface Reading {
  readonly ts: Ts;
  readonly checker: tsMorph.ts.TypeChecker;
  /** Where the type was asked for. */
  readonly at: tsMorph.ts.Node;
  /** The properties from the type that was asked for down to this part, for messages. */
  readonly path: string[];
  /** The models being read, by type: one that comes up inside itself is a reference to its name. */
  readonly open: Map<Type, string>;
  /** Who has which model name. */
  readonly names: Map<string, Type>;
  /** Undefined after telling what is wrong. */
  readonly read: (type: Type, context?: Context) => TypeSpec | undefined;
  /** Tells that this part is something no field can hold. */
  readonly refuse: (what: string, hint?: string) => undefined;
}

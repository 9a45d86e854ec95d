/** A node that was asked about, with the checker that knows its type. */
import type * as tsMorph from "ts-morph";

export interface At {
  readonly ts: typeof tsMorph.ts;
  readonly checker: tsMorph.ts.TypeChecker;
  readonly source: tsMorph.ts.SourceFile;
  readonly node: tsMorph.ts.Node;
}

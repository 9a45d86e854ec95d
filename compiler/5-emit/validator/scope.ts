/** What the statements of one method share, and the two calls that report. */
import type { Constraints, TypeSpec } from "../../../runtime/abi.ts";
import { literal, quoted } from "../literal.ts";
import { Names } from "../names.ts";
import { typeText } from "../type-text.ts";

/** Types are written in `.ts` output only, and only where inference needs one. */
export type Language = "js" | "ts";

export interface Scope {
  readonly names: Names;
  /** By the model's JSON and what its references mean: two models of one name but different fields are two functions. */
  readonly models: Map<string, { readonly name: string; code: string }>;
  /** The functions of the models around a type: a reference means the nearest of its name. */
  readonly around: ReadonlyMap<string, string>;
  readonly language: Language;
  /** What the module calls the runtime's namespace. */
  readonly abi: string;
  /** Of the method's statements: where models are declared. */
  readonly indent: string;
}

export function openScope(indent: string, language: Language, abi: string): Scope {
  return { names: new Names(), models: new Map(), around: new Map(), language, abi, indent };
}

export const list = (path: readonly string[]): string => (path.length === 1 && path[0] === "...path" ? "path" : `[${path.join(", ")}]`);
export const report = (type: TypeSpec, x: string, path: readonly string[], scope: Scope): string =>
  `${scope.abi}.report(issues, ${list(path)}, ${quoted(typeText(type))}, ${x});`;

export const limit = (constraints: Constraints, x: string, path: readonly string[], scope: Scope): string =>
  `${scope.abi}.limit(issues, ${list(path)}, ${literal(constraints)}, ${x});`;

/**
 * A generated module as plain data, which `print.ts` prints. The tests print it by ts-morph too, and hold both texts equal.
 */
export interface ModuleDeclaration {
  /** The comment lines at the top, without `//`. */
  readonly header: readonly string[];
  readonly imports: readonly ImportDeclaration[];
  readonly statements: readonly Declaration[];
}

/** `names` empty: a side-effect import. `namespace` excludes `names`. */
export interface ImportDeclaration {
  readonly from: string;
  readonly names: readonly string[];
  readonly namespace?: string;
  readonly typeOnly?: boolean;
}

export type Declaration = InterfaceDeclaration | ConstDeclaration | StatementDeclaration | AugmentationDeclaration;

export interface InterfaceDeclaration {
  readonly kind: "interface";
  readonly name: string;
  readonly doc?: string | undefined;
  readonly exported: boolean;
  readonly members: readonly MemberDeclaration[];
}
export interface MemberDeclaration {
  readonly name: string;
  readonly optional: boolean;
  readonly type: string;
  readonly doc?: string | undefined;
}

/** `export const name: type = value;` The value is laid out already. */
export interface ConstDeclaration {
  readonly kind: "const";
  readonly name: string;
  readonly doc?: string | undefined;
  readonly type: string;
  readonly value: string;
}

/** One expression statement, without its semicolon. */
export interface StatementDeclaration {
  readonly kind: "statement";
  readonly code: string;
}

/** `declare module "dspex" { interface ... }` */
export interface AugmentationDeclaration {
  readonly kind: "augmentation";
  readonly module: string;
  readonly interfaces: readonly InterfaceDeclaration[];
}

/** A comment's lines, with what would end it made harmless; none for a text of blanks. */
export function docLines(doc: string | undefined): readonly string[] {
  const lines = (doc ?? "")
    .replaceAll("*/", "*\\/")
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((line) => line.trimEnd());
  const first = lines.findIndex((line) => line !== "");
  return first === -1 ? [] : lines.slice(first, lines.findLastIndex((line) => line !== "") + 1);
}

/**
 * Cutting text at the level of types. One conditional type that cuts at a delimiter costs the checker one step whatever
 * the length of the text, so nothing here walks character by character (measured: a third of the cost of parsers that do).
 * Every type parameter an alias carries is paid for at each step, so the aliases carry the text and little else.
 */

export type Blank = " " | "\n" | "\t" | "\r" | "\f";

export type Trim<S extends string> = TrimEnd<TrimStart<S>>;

/** A pattern without `infer` costs a third of one with, so each cut is asked for first. Indentation goes two and four blanks a step. */
export type TrimStart<S extends string> = S extends ` ${string}`
  ? S extends `    ${infer R}`
    ? TrimStart<R>
    : S extends `  ${infer R}`
      ? TrimStart<R>
      : S extends ` ${infer R}`
        ? TrimStart<R>
        : S
  : S extends `\n${infer R}`
    ? TrimStart<R>
    : S extends `${"\t" | "\r" | "\f"}${string}`
      ? S extends `${Blank}${infer R}`
        ? TrimStart<R>
        : S
      : S;

export type TrimEnd<S extends string> = S extends `${string}${Blank}`
  ? S extends `${infer R} `
    ? TrimEnd<R>
    : S extends `${infer R}\n`
      ? TrimEnd<R>
      : S extends `${infer R}${"\t" | "\r" | "\f"}`
        ? TrimEnd<R>
        : S
  : S;

/**
 * What stands before the `]` that closes a bracket already open, and what follows it: `"a[b]], c"` gives `["a[b]", ", c"]`.
 * Strings are out of the way, so a bracket is a bracket.
 */
export type Close<S extends string, Before extends string = "", Open extends 0[] = []> = S extends `${infer A}]${infer B}`
  ? A extends `${infer A1}[${infer A2}`
    ? Close<`${A2}]${B}`, `${Before}${A1}[`, [...Open, 0]>
    : Open extends [0, ...infer Rest extends 0[]]
      ? Close<B, `${Before}${A}]`, Rest>
      : [`${Before}${A}`, B]
  : never;

/** The first entry of a comma-separated list, commas inside brackets apart, and the rest (undefined after the last). */
export type Take<S extends string, Before extends string = ""> = S extends `${infer A},${infer B}`
  ? A extends `${infer A1}[${string}`
    ? S extends `${string}[${infer Inside}`
      ? Close<Inside> extends [infer In extends string, infer After extends string]
        ? Take<After, `${Before}${A1}[${In}]`>
        : never
      : never
    : [`${Before}${A}`, B]
  : [`${Before}${S}`, undefined];

/**
 * Text without its `(...)` groups: constraints say nothing about a type. Where a type begins, parentheses only group:
 * they go, what they hold stays.
 */
export type WithoutParentheses<S extends string> = S extends `${infer A}(${infer Inside})${infer B}`
  ? Inside extends `${string}(${string}`
    ? Nested<S>
    : A extends Grouping
      ? WithoutParentheses<`${A}${Inside}${B}`>
      : WithoutParentheses<`${A}${B}`>
  : S;

type Grouping = `${string}${":" | "|" | "[" | ","}${" " | ""}`;

type Nested<S extends string> = S extends `${infer A}(${infer B}`
  ? A extends Grouping | `${string}(`
    ? Nested<`${A}${B}`>
    : B extends `${infer Inside})${infer C}`
      ? Inside extends `${string}(${string}`
        ? Nested<`${A}(${Nested<B>}`>
        : Nested<`${A}${C}`>
      : A
  : WithoutClosing<S>;

/** What grouping parentheses have left. */
type WithoutClosing<S extends string> = S extends `${infer A})${infer B}` ? WithoutClosing<`${A}${B}`> : S;

export type WithoutBraces<S extends string> = S extends `${infer A}{${string}}${infer B}` ? WithoutBraces<`${A}${B}`> : S;

export type WithoutComments<S extends string> = S extends `${infer A}#${infer B}`
  ? B extends `${string}\n${infer C}`
    ? WithoutComments<`${A}\n${C}`>
    : A
  : S;

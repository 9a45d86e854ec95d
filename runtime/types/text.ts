/**
 * Cutting text at the level of types. One conditional type that cuts at a delimiter costs the checker one step whatever
 * the length of the text, so nothing here walks character by character (measured: a third of the cost of parsers that do).
 * Every type parameter an alias carries is paid for at each step, so the aliases carry the text and little else.
 */

export type Blank = " " | "\n" | "\t" | "\r" | "\f";

export type Trim<S extends string> = TrimEnd<TrimStart<S>>;

export type TrimStart<S extends string> = S extends ` ${infer R}`
  ? R extends ` ${string}`
    ? R extends `   ${infer Q}`
      ? TrimStart<Q>
      : TrimStart<R>
    : R extends `${Blank}${string}`
      ? TrimStart<R>
      : R
  : S extends `\n${infer R}`
    ? TrimStart<R>
    : S extends `${"\t" | "\r" | "\f"}${infer R}`
      ? TrimStart<R>
      : S;

export type TrimEnd<S extends string> = S extends `${string}${Blank}`
  ? S extends `${infer R}    `
    ? TrimEnd<R>
    : S extends `${infer R}${Blank}`
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
 * Text without its `(...)` and `{...}` groups: constraints and dict defaults say nothing about a type. Where a type begins,
 * parentheses only group: they go, what they hold stays.
 */
export type WithoutGroups<S extends string> = S extends `${infer A}(${infer B}`
  ? A extends `${string}${":" | "|" | "[" | ","}${" " | ""}` | `${string}(`
    ? WithoutGroups<`${A}${B}`>
    : B extends `${infer Inside})${infer C}`
      ? Inside extends `${string}(${string}`
        ? WithoutGroups<`${A}(${WithoutGroups<B>}`>
        : WithoutGroups<`${A}${C}`>
      : A
  : S extends `${infer A}{${string}}${infer C}`
    ? WithoutGroups<`${A}${C}`>
    : S extends `${infer A})${infer C}`
      ? WithoutGroups<`${A}${C}`>
      : S;

export type WithoutComments<S extends string> = S extends `${infer A}#${infer B}`
  ? B extends `${string}\n${infer C}`
    ? WithoutComments<`${A}\n${C}`>
    : A
  : S;

/**
 * Strings are dealt with first, so that afterwards commas, brackets, colons and arrows are what they seem. Docstrings,
 * descriptions and string defaults are dropped; the members of a Literal stay, quoted, their delimiters disguised.
 */
import type { Disguise } from "./disguise.ts";
import type { Blank, Trim, TrimEnd } from "./text.ts";

/** A text that needs none of this is recognised by having no quote. */
export type Quoted = `${string}"${string}` | `${string}'${string}`;

/** A leading docstring is skipped in one cut. */
export type SkipDocstring<S extends string> = S extends `${string}"""${string}` | `${string}'''${string}`
  ? S extends `${infer A}"""${string}"""${infer Rest}`
    ? A extends "" | Blank | `${Blank}${Blank | ""}${Blank | ""}`
      ? Rest
      : SkipAfter<Trim<A>, Rest, S>
    : S extends `${infer A}'''${string}'''${infer Rest}`
      ? SkipAfter<Trim<A>, Rest, S>
      : S
  : S;

type SkipAfter<A extends string, Rest extends string, S extends string> = A extends "" ? Rest : S;

/**
 * The text after its docstring, without strings or with harmless ones. `Out` is what has been passed. Nearly every string is
 * a description after a type and one blank, and goes with the blank in two cuts.
 */
export type Unquote<S extends string, Out extends string = ""> = S extends `${infer A}"${infer B}`
  ? A extends `${string}'${string}`
    ? Single<S, Out>
    : A extends `${infer C} `
      ? C extends "" | `${string}${Blank | "[" | "," | "|"}`
        ? Opened<A, B, '"', Out>
        : B extends `${infer Text}"${infer Rest}`
          ? Text extends "" | `${string}\\`
            ? Opened<A, B, '"', Out>
            : Unquote<Rest, `${Out}${C}`>
          : never
      : Opened<A, B, '"', Out>
  : S extends `${string}'${string}`
    ? Single<S, Out>
    : `${Out}${S}`;

type Single<S extends string, Out extends string> = S extends `${infer A}'${infer B}` ? Opened<A, B, "'", Out> : never;

/** `S` begins inside a string that `Quote` opened after `Before`. A Literal of harmless strings is passed in one cut. */
type Opened<Before extends string, S extends string, Quote extends string, Out extends string> = Before extends `${string}Literal[`
  ? S extends `${infer Members}${Quote}]${infer Rest}`
    ? Members extends Awkward
      ? Closed<Before, S, Quote, Out>
      : Unquote<Rest, `${Out}${Before}${Quote}${Members}${Quote}]`>
    : Closed<Before, S, Quote, Out>
  : Closed<Before, S, Quote, Out>;

/** What later cuts could mistake for structure. */
type Awkward = `${string}${"->" | "=" | "[" | "]" | "(" | ")" | "{" | "}" | "*" | "/" | "#" | "\\"}${string}`;

/** Finds the string's end: a triple quote's, an empty string's, a plain one's, or one past escaped quotes. */
type Closed<
  Before extends string,
  S extends string,
  Quote extends string,
  Out extends string,
> = S extends `${infer Text}${Quote}${infer Rest}`
  ? Text extends ""
    ? Rest extends `${Quote}${infer R}`
      ? R extends `${infer Long}${Quote}${Quote}${Quote}${infer After}`
        ? Place<Before, Long, After, Out>
        : never
      : Place<Before, "", Rest, Out>
    : Text extends `${string}\\`
      ? Escaped<Before, Text, Rest, Quote, Out>
      : Place<Before, Text, Rest, Out>
  : never;

/** The quote found is an escaped one, unless the backslash before it is escaped itself. */
type Escaped<
  Before extends string,
  Text extends string,
  S extends string,
  Quote extends string,
  Out extends string,
> = Text extends `${string}\\\\`
  ? Place<Before, Text, S, Out>
  : S extends `${infer More}${Quote}${infer Rest}`
    ? More extends `${string}\\`
      ? Escaped<Before, `${Text}${Quote}${More}`, Rest, Quote, Out>
      : Place<Before, `${Text}${Quote}${More}`, Rest, Out>
    : never;

/** Nearly every string is a description after a type and one blank, and goes with the blank. */
type Place<Before extends string, Text extends string, Rest extends string, Out extends string> = Before extends `${infer B} `
  ? B extends `${string}${Blank | "[" | "," | "|"}` | ""
    ? Weighed<TrimEnd<B>, Text, Rest, Out>
    : Unquote<Rest, `${Out}${B}`>
  : Weighed<TrimEnd<Before>, Text, Rest, Out>;

/** After `[`, `,` or `|` a string is a member of something; beside a string it continues it; elsewhere it is a description or a default. */
type Weighed<Before extends string, Text extends string, Rest extends string, Out extends string> = Before extends `${string}${
  | "["
  | ","
  | "|"}`
  ? Unquote<Rest, `${Out}${Before}"${Disguise<Text>}"`>
  : Before extends ""
    ? Out extends `${infer O}"`
      ? Unquote<Rest, `${O}${Disguise<Text>}"`>
      : Unquote<Rest, Out>
    : Unquote<Rest, `${Out}${Before}`>;

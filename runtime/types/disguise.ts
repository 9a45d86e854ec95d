/** Delimiters inside a string that is kept are replaced by private characters while the text is cut, and turned back afterwards. */

/** What a cut could mistake for structure; `\uE00F` stands for a string whose value is not computed. */
interface Masks {
  "->": "\uE000";
  ",": "\uE001";
  "=": "\uE002";
  "[": "\uE003";
  "]": "\uE004";
  "(": "\uE005";
  ")": "\uE006";
  "{": "\uE007";
  "}": "\uE008";
  "*": "\uE009";
  "/": "\uE00A";
  "|": "\uE00B";
  '"': "\uE00C";
  "#": "\uE00D";
}
type Delimiters = ["->", ",", "=", "[", "]", "(", ")", "{", "}", "*", "/", "|", '"', "#"];

/** A string with an escape is some string. */
export type Disguise<S extends string> = S extends `${string}\\${string}`
  ? "\uE00F"
  : S extends `${string}${keyof Masks}${string}`
    ? Cover<S>
    : S;

type Cover<S extends string, Rest extends readonly unknown[] = Delimiters> = Rest extends [infer D extends keyof Masks, ...infer Next]
  ? Cover<Swap<S, D, Masks[D]>, Next>
  : S;

type Private = Masks[keyof Masks] | "\uE00F";

export type Disguised = `${string}${Private}${string}`;

/** Distributes over the members of a Literal. */
export type Reveal<S> = S extends "\uE00F" ? string : S extends Disguised ? Uncover<S> : S;

type Uncover<S extends string, Rest extends readonly unknown[] = Delimiters> = Rest extends [infer D extends keyof Masks, ...infer Next]
  ? Uncover<Swap<S, Masks[D], D>, Next>
  : S;

type Swap<S extends string, From extends string, To extends string> = S extends `${infer A}${From}${infer B}`
  ? Swap<`${A}${To}${B}`, From, To>
  : S;

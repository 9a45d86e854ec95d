/** One side of the arrow, Python's parameter list, as an object type. */
import type { Atoms, TypeOf } from "./forms.ts";
import type { Blank, Take, Trim, TrimStart, WithoutBraces, WithoutComments, WithoutParentheses } from "./text.ts";

/** The mapped types stand in the branches, not in aliases of their own, so that an editor shows the fields and no alias. */
export type Inputs<S extends string> = S extends `${string}${Extras}${string}` ? PlainInputs<WithoutExtras<S>> : PlainInputs<S>;

type PlainInputs<S extends string> = S extends `${string}${"=" | "None" | "Optional["}${string}`
  ? Flat<
      { [E in List<S> as IsOptional<E> extends true ? never : E[0]]: E[1] } & {
        [E in List<S> as IsOptional<E> extends true ? E[0] : never]?: E[1];
      }
    >
  : { [E in List<S> as E[0]]: E[1] };

export type Outputs<S extends string> = S extends `${string}${Extras}${string}`
  ? { [E in List<WithoutExtras<S>> as E[0]]: E[1] }
  : { [E in List<S> as E[0]]: E[1] };

/** `[name, type]`, with a mark where a constant default stands; a side is a union of them, so that one mapped type makes the object. */
type Entry = readonly [name: string, type: unknown, mark?: "="];

/** A default makes an input optional, and so does None: an absent input means its default, else null. */
type IsOptional<E extends Entry> = E extends readonly [string, unknown, "="]
  ? true
  : unknown extends E[1]
    ? false
    : null extends E[1]
      ? true
      : false;

type Flat<T> = T extends object ? { [K in keyof T]: T[K] } : never;

/** What says nothing about a type goes first: constraints, and what is rarer, comments, dict defaults, star parameters. */
type Extras = "(" | "{" | "*" | "/" | "#";
type WithoutExtras<S extends string> = S extends `${string}${"{" | "*" | "/" | "#"}${string}`
  ? WithoutStars<WithoutParentheses<WithoutBraces<WithoutComments<S>>>>
  : WithoutParentheses<S>;

/** What stands before `/` and after `*` is no field in DSPy. */
type WithoutStars<S extends string> = S extends `${string}/${infer B}`
  ? WithoutStars<TrimStart<B> extends `,${infer R}` ? R : B>
  : S extends `${infer A}*${string}`
    ? A
    : S;

type List<S extends string, Found extends Entry = never> = S extends `${infer A},${infer B}`
  ? A extends `${string}[${string}`
    ? Bracketed<S, Found>
    : List<B, Found | Field<A>>
  : Found | Field<S>;

/** The first comma stands behind a bracket; nearly always the brackets close at once, and the field with them. */
type Bracketed<S extends string, Found extends Entry> = S extends `${infer A}[${infer In}]${infer B}`
  ? In extends `${string}[${string}`
    ? Taken<S, Found>
    : B extends ""
      ? Found | Field<S>
      : B extends `,${infer Rest}`
        ? List<Rest, Found | Field<`${A}[${In}]`>>
        : Taken<S, Found>
  : Taken<S, Found>;

type Taken<S extends string, Found extends Entry> =
  Take<S> extends [infer F extends string, infer Rest] ? (Rest extends string ? List<Rest, Found | Field<F>> : Found | Field<F>) : never;

type Field<S extends string> = S extends `${infer N}:${infer T}`
  ? T extends keyof Atoms
    ? [Name<N>, Atoms[T]]
    : T extends `${infer U}=${infer D}`
      ? Default<Name<N>, TypeOf<U>, Trim<D>>
      : [Name<N>, TypeOf<T>]
  : S extends `${string}=${string}`
    ? S extends `${infer N}=${infer D}`
      ? Default<Name<N>, string, Trim<D>>
      : never
    : S extends "" | `${Blank}${Blank | ""}` | `\n ${string}`
      ? TrimStart<S> extends ""
        ? never // after a trailing comma
        : [Name<S>, string]
      : [Name<S>, string];

/** Nearly every name is ` name`, `name`, or stands on a line of its own. */
type Name<S extends string> = S extends ` ${infer R}` | `\n  ${infer R}`
  ? R extends `${Blank}${string}` | `${string}${Blank}`
    ? Trim<R>
    : R
  : S extends `${Blank}${string}` | `${string}${Blank}`
    ? Trim<S>
    : S;

/** A default is a constant that the type holds: any other is left out, as DSPy leaves out all. */
type Default<N extends string, T, D extends string> = unknown extends T ? [N, T, "="] : Constant<D, T> extends true ? [N, T, "="] : [N, T];

/** A string, a dict and a tuple have left nothing behind. */
type Constant<D extends string, T> = D extends ""
  ? T extends number | boolean | null
    ? false
    : true
  : D extends `${infer V extends number | boolean}`
    ? Holds<T, V>
    : D extends "True" | "False"
      ? Holds<T, boolean>
      : D extends "None"
        ? Holds<T, null>
        : D extends `[${string}`
          ? Holds<T, never[]>
          : false;

type Holds<T, V> = [Extract<T, V>] extends [never] ? ([V] extends [T] ? true : false) : true;

/** One side of the arrow, Python's parameter list, as an object type. */
import type { TypeOf } from "./forms.ts";
import type { Take, Trim, TrimEnd, TrimStart, WithoutGroups } from "./text.ts";

export type Inputs<S extends string> = S extends `${string}${"=" | "None" | "Optional["}${string}`
  ? Defaulted<Record_<Plain<S>>>
  : Record_<Plain<S>>;
export type Outputs<S extends string> = S extends `${string}=${string}` ? Undefaulted<Record_<Plain<S>>> : Record_<Plain<S>>;

/** Entries are `[name, type]`, a union of them, so that one mapped type makes the object. */
type Record_<E extends Entry> = { [P in E as P[0]]: P[1] };
type Entry = readonly [string, unknown];

/** Constraints, dict defaults and star parameters are taken away first where a text has any. */
type Plain<S extends string> = S extends `${string}${"(" | "{" | "*" | "/"}${string}` ? List<WithoutStars<WithoutGroups<S>>> : List<S>;

/** What stands before `/` and after `*` is no field in DSPy. */
type WithoutStars<S extends string> = S extends `${infer A}/${infer B}`
  ? WithoutStars<TrimStart<B> extends `,${infer R}` ? R : B>
  : S extends `${infer A}*${string}`
    ? A
    : S;

type List<S extends string, Found extends Entry = never> = S extends `${infer A},${infer B}`
  ? A extends `${string}[${string}`
    ? Take<S> extends [infer F extends string, infer Rest]
      ? Rest extends string
        ? List<Rest, Found | Field<F>>
        : Found | Field<F>
      : never
    : List<B, Found | Field<A>>
  : Found | Field<S>;

type Field<S extends string> = S extends `${infer N}:${infer T}`
  ? T extends `${infer U}=${infer D}`
    ? [Name<N>, TypeOf<U> | (Trim<D> extends Value ? Absent : never)]
    : [Name<N>, TypeOf<T>]
  : S extends `${infer N}=${infer D}`
    ? [Name<N>, string | (Trim<D> extends Value ? Absent : never)]
    : Name<S> extends infer N extends string
      ? N extends ""
        ? never
        : [N, string]
      : never;

type Name<S extends string> = TrimEnd<TrimStart<S>>;

/** A default that is a constant fills a missing input; a dropped string or dict leaves nothing behind. */
type Value = "" | `${number}` | "True" | "False" | "None" | `[${string}` | `-${string}`;

/** Marks a field with a default until its record is built. */
declare const absent: unique symbol;
type Absent = typeof absent;

/** A default makes an input optional, and so does None: an absent input means its default, else null. */
type Defaulted<T> = Flat<
  { [K in keyof T as MayBeAbsent<T[K]> extends true ? never : K]: T[K] } & {
    [K in keyof T as MayBeAbsent<T[K]> extends true ? K : never]?: Exclude<T[K], Absent>;
  }
>;
type MayBeAbsent<T> = unknown extends T ? false : [Extract<T, Absent | null>] extends [never] ? false : true;

type Undefaulted<T> = { [K in keyof T]: Exclude<T[K], Absent> };

type Flat<T> = { [K in keyof T]: T[K] };

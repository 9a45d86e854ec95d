/**
 * The TypeScript form of each Python type. The same table in words is in this folder's README; `compiler/5-emit` prints
 * the same forms into the registry, and a test holds the two equal.
 */
import type { History, Image } from "../values.ts";
import type { Disguised, Reveal } from "./disguise.ts";
import type { Blank, Close, Take, Trim, TrimStart } from "./text.ts";

/** Types that are one name. The spellings with a blank save a cut for what nearly every field is. */
export interface Atoms {
  " str": string;
  " int": number;
  " float": number;
  " bool": boolean;
  str: string;
  int: number;
  float: number;
  bool: boolean;
  bytes: Uint8Array;
  bytearray: Uint8Array;
  complex: string;
  /** DSPy reads a bare `None` as str; `NoneType` is the type of None. */
  None: string;
  NoneType: null;
  "types.NoneType": null;
  Text: string;
  list: unknown[];
  List: unknown[];
  dict: Record<string, unknown>;
  Dict: Record<string, unknown>;
  tuple: readonly unknown[];
  Tuple: readonly unknown[];
  set: Set<unknown>;
  Set: Set<unknown>;
  frozenset: Set<unknown>;
  "datetime.datetime": Date;
  "datetime.date": string;
  "datetime.time": string;
  "datetime.timedelta": string;
  "decimal.Decimal": string;
  "uuid.UUID": string;
  "dspy.Image": Image;
  "dspy.History": History;
  "dspy.adapters.Image": Image;
  "dspy.adapters.History": History;
  "pydantic.NegativeInt": number;
  "pydantic.NonNegativeInt": number;
  "pydantic.NonPositiveInt": number;
  "pydantic.PositiveInt": number;
  "pydantic.StrictInt": number;
  "pydantic.FiniteFloat": number;
  "pydantic.NegativeFloat": number;
  "pydantic.NonNegativeFloat": number;
  "pydantic.NonPositiveFloat": number;
  "pydantic.PositiveFloat": number;
  "pydantic.StrictFloat": number;
  "pydantic.StrictStr": string;
  "pydantic.StrictBool": boolean;
}

/** A type's whole text. What is not known here is unknown: saying so is the compiler's work. */
export type TypeOf<S extends string> = S extends keyof Atoms ? Atoms[S] : Trimmed<Trim<S>>;

type Trimmed<S extends string> = S extends keyof Atoms
  ? Atoms[S]
  : S extends `${infer Head}[${infer Inside}`
    ? S extends TooDeep
      ? unknown
      : Inside extends `${infer Args}]`
        ? Args extends `${string}]${string}`
          ? Bracketed<Head, Close<Inside>>
          : Subscript<Head, Args>
        : Bracketed<Head, Close<Inside>>
    : S extends `${infer A}|${infer B}`
      ? Member<A> | Member<B>
      : S extends `typing.${infer Name}` | `"${infer Name}"`
        ? TypeOf<Name>
        : unknown;

/** Two dozen brackets, closed several at once: the checker would give up with an error of its own where the compiler still reads. */
type TooDeep = `${Brackets}${Brackets}${Brackets}]]]]${string}`;
type Brackets = `${string}[${string}[${string}[${string}[${string}[${string}[${string}[${string}[${string}`;

/** `Head[Args]After`, where the union may go on: `list[str] | None`. */
type Bracketed<Head extends string, Closed> = Closed extends [infer Args extends string, infer After extends string]
  ? Subscript<Head, Args> | (After extends `${string}|${infer B}` ? Member<B> : never)
  : unknown;

/** `int | list[Args]` */
type Subscript<Head extends string, Args extends string> = Head extends `${infer A}|${infer B}`
  ? Member<A> | Subscript<TrimStart<B>, Args>
  : Generic<Head, Args>;

/** In a union `None` is None. */
type Member<S extends string> = S extends " None" | "None" | " None " | "None " ? null : TypeOf<S>;

type Generic<Name extends string, Args extends string> = Name extends keyof Generics<"">
  ? Generics<Args>[Name]
  : Name extends `${string}.${infer Last}`
    ? Generic<Last, Args>
    : Name extends `${Blank}${string}` | `${string}${Blank}`
      ? Generic<Trim<Name>, Args>
      : unknown;

/** By the last part of the name: `typing.List` and `collections.abc.Sequence` are what `list` is. */
interface Generics<Args extends string> {
  Literal: Literals<Args>;
  list: First<Args>[];
  List: First<Args>[];
  Sequence: First<Args>[];
  MutableSequence: First<Args>[];
  Iterable: First<Args>[];
  Collection: First<Args>[];
  deque: First<Args>[];
  Deque: First<Args>[];
  Optional: Member<Args> | null;
  dict: Record<string, Second<Args>>;
  Dict: Record<string, Second<Args>>;
  Mapping: Record<string, Second<Args>>;
  MutableMapping: Record<string, Second<Args>>;
  OrderedDict: Record<string, Second<Args>>;
  defaultdict: Record<string, Second<Args>>;
  DefaultDict: Record<string, Second<Args>>;
  Union: Members<Args>[number];
  tuple: TupleOf<Args>;
  Tuple: TupleOf<Args>;
  set: Set<First<Args>>;
  Set: Set<First<Args>>;
  frozenset: Set<First<Args>>;
  FrozenSet: Set<First<Args>>;
  AbstractSet: Set<First<Args>>;
  MutableSet: Set<First<Args>>;
  Annotated: First<Args>;
}

/** Python takes further arguments without a word, and a trailing comma. */
type First<Args extends string> = Args extends `${string},${string}`
  ? Take<Args> extends [infer A extends string, unknown]
    ? Member<A>
    : unknown
  : Member<Args>;
type Second<Args extends string> = Take<Args> extends [unknown, infer B extends string] ? First<B> : unknown;

type TupleOf<Args extends string> = Args extends `${infer Item},${" " | ""}...` ? readonly Member<Item>[] : Readonly<Members<Args>>;

type Members<S extends string, Done extends unknown[] = []> =
  Take<S> extends [infer A extends string, infer B]
    ? B extends string
      ? Trim<B> extends ""
        ? [...Done, Member<A>]
        : Members<B, [...Done, Member<A>]>
      : [...Done, Member<A>]
    : unknown[];

type Literals<Args extends string> = Args extends Disguised ? Reveal<Constants<Args>> : Constants<Args>;

/** The members of a Literal; nearly always `"a", "b"`. */
type Constants<S extends string, Found = never> = S extends `"${infer A}", ${infer R}`
  ? A extends `${string}"${string}`
    ? Mixed<S, Found>
    : Constants<R, Found | A>
  : S extends `"${infer A}"`
    ? A extends `${string}"${string}`
      ? Mixed<S, Found>
      : Found | A
    : S extends `'${infer A}', ${infer R}`
      ? A extends `${string}'${string}`
        ? Mixed<S, Found>
        : Constants<R, Found | A>
      : S extends `'${infer A}'`
        ? A extends `${string}'${string}`
          ? Mixed<S, Found>
          : Found | A
        : Mixed<S, Found>;

/** One member by its comma, whatever it is. */
type Mixed<S extends string, Found> = S extends `${infer A},${infer R}`
  ? Constants<TrimStart<R>, Found | Constant<Trim<A>>>
  : Found | Constant<Trim<S>>;

type Constant<S extends string> = S extends `"${infer A}"` | `'${infer A}'`
  ? A extends `${string}${'"' | "'"}${string}`
    ? string
    : A
  : S extends `${infer N extends number}`
    ? N
    : S extends keyof Keywords
      ? Keywords[S]
      : S extends `${Digit}${string}`
        ? number
        : unknown;

/** `1_000`, `0x1F` and `1e3` are numbers that TypeScript does not compute. */
type Digit = "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9";

interface Keywords {
  True: true;
  False: false;
  None: null;
  /** After a trailing comma. */
  "": never;
}

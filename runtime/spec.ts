/**
 * What a compiled signature is, as plain data: the contract between the compiler, the runtime and the Python worker.
 * Everything here is JSON-serialisable, frozen at registration, and printed as it stands in generated code.
 * `4-ir` lowers a parsed literal to it; adapters render from it; `python/dspex_worker/programs/types.py` is its twin.
 */

/** Types with no arguments, by Python's own name (`any` is typing.Any, `none` is NoneType, `list` a bare list). */
export type AtomType =
  | "str"
  | "int"
  | "float"
  | "bool"
  | "bytes"
  | "bytearray"
  | "complex"
  | "object"
  | "any"
  | "none"
  | "list"
  | "dict"
  | "tuple"
  | "set"
  | "frozenset";

/** A field's type. A union lists its members in source order; `Optional[X]` is `union [X, "none"]`. */
export type TypeSpec = AtomType | GenericType | LiteralType | UnionType | ClassType | EnumType | ModelType | RefType | SlotType;

/** `list[str]`, `dict[str, int]`, `tuple[int, ...]` (`"ellipsis"` stands for `...`), `collections.abc.Sequence[int]`. */
export interface GenericType {
  readonly kind: "generic";
  readonly of: string;
  readonly args: readonly (TypeSpec | "ellipsis")[];
}
/** `Literal['a', 1, True, None]`, members in source order. */
export interface LiteralType {
  readonly kind: "literal";
  readonly values: readonly Constant[];
}
export interface UnionType {
  readonly kind: "union";
  readonly members: readonly TypeSpec[];
}
/** A Python class by its dotted name: `dspy.Image`, `datetime.date`, `decimal.Decimal`; `args` for `dspy.Code['python']`. */
export interface ClassType {
  readonly kind: "class";
  readonly name: string;
  readonly args?: readonly Constant[];
}
/** A Python enum: `members` are `[NAME, value]`. From `type<T>()`, `custom types` and conformance rows. */
export interface EnumType {
  readonly kind: "enum";
  readonly name: string;
  readonly members: readonly (readonly [string, string | number])[];
}
/** A pydantic model. A model that contains itself refers to itself by `ref`. */
export interface ModelType {
  readonly kind: "model";
  readonly name: string;
  readonly doc?: string;
  readonly fields: readonly ModelField[];
}
export interface ModelField {
  readonly name: string;
  readonly type: TypeSpec;
  readonly desc?: string;
  readonly alias?: string;
  readonly constraints?: Constraints;
  readonly default?: Constant;
}
export interface RefType {
  readonly kind: "ref";
  readonly name: string;
}
/** A `${schema}` hole: the value is not known at build time; registration replaces the slot (see `Signature` registration in abi.ts). */
export interface SlotType {
  readonly kind: "slot";
  readonly index: number;
  readonly text: string;
}

/**
 * A Python constant. A plain number that is whole is an int, a plain number with a fraction is a float; what JSON
 * cannot say is tagged: `1000.0` is `{ float: "1000.0" }`, ints beyond 2^53 are `{ int: "..." }`, anything else `{ repr }`.
 */
export type Constant =
  | string
  | number
  | boolean
  | null
  | readonly Constant[]
  | { readonly float: string }
  | { readonly int: string }
  | { readonly repr: string }
  | { readonly dict: readonly (readonly [Constant, Constant])[] };

/** A number as it was written: prompts print `0.0` and `0` differently, so a whole float keeps its spelling. */
export type Bound = number | { readonly float: string };

/** Pydantic's names; key order is the order of writing, which is the order of printing (dspy-semantics 1.5). */
export interface Constraints {
  readonly gt?: Bound;
  readonly ge?: Bound;
  readonly lt?: Bound;
  readonly le?: Bound;
  readonly multiple_of?: Bound;
  readonly min_length?: number;
  readonly max_length?: number;
  readonly pattern?: string;
  readonly allow_inf_nan?: boolean;
}

export interface FieldSpec {
  readonly name: string;
  readonly type: TypeSpec;
  /** Absent means DSPy's default, `${name}`, which prompts print as empty. */
  readonly desc?: string;
  readonly constraints?: Constraints;
  /** Inputs only: fills a missing input. */
  readonly default?: Constant;
}

export interface SignatureSpec {
  /** The generated code's contract with the runtime; a mismatch is `abi_mismatch`. */
  readonly abi: number;
  readonly name: string;
  /** Instructions as written (already cleandoc'ed once); absent means DSPy's default sentence. */
  readonly docstring?: string;
  readonly inputs: readonly FieldSpec[];
  readonly outputs: readonly FieldSpec[];
  /** sha256 (first 16 hex digits) of the canonical JSON of name-independent content: docstring, inputs, outputs. */
  readonly hash: string;
}

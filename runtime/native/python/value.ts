/**
 * Python values inside the native engine, where 5 and 5.0, a list and a tuple, a string and a date must stay apart.
 * A whole number is an int (a bigint too, exact beyond 2^53), a number with a fraction a float; `Float` says float of a
 * whole number. dict is a Map, because an object would move keys like "2" to the front.
 */

import type { EnumType } from "../../spec.ts";
import { Float } from "../../values.ts";

export type PyValue =
  | null
  | boolean
  | string
  | number
  | bigint
  | Float
  | readonly PyValue[]
  | Tuple
  | PySet
  | Dict
  | Bytes
  | Scalar
  | Member
  | Secret
  | Instance
  | Opaque;
export type Dict = Map<PyValue, PyValue>;

export class Tuple {
  readonly items: readonly PyValue[];
  constructor(items: readonly PyValue[]) {
    this.items = items;
  }
}

/** A set or frozenset in order of insertion (Python's own order of ints is applied where it is printed). */
export class PySet {
  readonly items: readonly PyValue[];
  readonly frozen: boolean;
  constructor(items: readonly PyValue[], frozen = false) {
    this.items = items;
    this.frozen = frozen;
  }
}

export class Bytes {
  readonly data: Uint8Array;
  readonly mutable: boolean;
  constructor(data: Uint8Array, mutable = false) {
    this.data = data;
    this.mutable = mutable;
  }
}

type Network = `IPv${4 | 6}${"Address" | "Interface" | "Network"}`;
type Path = "PosixPath" | "PurePosixPath" | "PureWindowsPath";
export type ScalarClass =
  | "date"
  | "datetime"
  | "time"
  | "timedelta"
  | "Decimal"
  | "Fraction"
  | "UUID"
  | "complex"
  | "ellipsis"
  | "str"
  | "ByteSize"
  | "PaymentCardNumber"
  | Network
  | Path
  | `${string}${"Url" | "Dsn"}`;
/** A value whose whole state is its text: a date as ISO 8601, a Decimal's digits, a UUID. `text` is what pydantic's JSON mode writes. */
export class Scalar {
  readonly of: ScalarClass;
  readonly text: string;
  constructor(of: ScalarClass, text: string) {
    this.of = of;
    this.text = text;
  }
}

/** A member of an enum. */
export class Member {
  readonly type: EnumType;
  readonly name: string;
  readonly value: string | number;
  constructor(type: EnumType, name: string, value: string | number) {
    this.type = type;
    this.name = name;
    this.value = value;
  }
}

/** pydantic's SecretStr and SecretBytes: stars wherever they are printed. */
export class Secret {
  readonly of: "SecretStr" | "SecretBytes";
  readonly value: string | Bytes;
  constructor(of: "SecretStr" | "SecretBytes", value: string | Bytes) {
    this.of = of;
    this.value = value;
  }

  get stars(): string {
    return (typeof this.value === "string" ? this.value : this.value.data).length > 0 ? "**********" : "";
  }
}

/** An instance of a model or of one of DSPy's own types, fields in declaration order. */
export class Instance {
  readonly of: string;
  readonly values: ReadonlyMap<string, PyValue>;
  constructor(of: string, values: ReadonlyMap<string, PyValue>) {
    this.of = of;
    this.values = values;
  }
}

/** A JavaScript value Python has no word for; it prints as its string form, and survives a round trip untouched. */
export class Opaque {
  readonly value: unknown;
  constructor(value: unknown) {
    this.value = value;
  }
}

export const isFloat = (value: PyValue): value is number | Float =>
  value instanceof Float || (typeof value === "number" && !Number.isInteger(value));
export const isInt = (value: PyValue): value is number | bigint =>
  typeof value === "bigint" || (typeof value === "number" && Number.isInteger(value));
/** A float of this value: a `Float` where a plain number would read as an int. */
export const asFloat = (value: number): PyValue => (Number.isInteger(value) ? new Float(value) : value);
/** An int of these digits: a number while it is exact. */
export const asInt = (value: bigint): number | bigint =>
  value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value;
export { Float };

/**
 * pydantic's `Annotated` aliases (`pydantic.PositiveInt`). As a field's type DSPy drops what they add; inside another type
 * it is printed, shown in the schema and held to.
 */
import { coerceAtom, refuse, toStr } from "../coerce/atoms.ts";
import type { State } from "../coerce/state.ts";
import { decoded } from "../python/bytes.ts";
import { Bytes, isFloat, isInt, type PyValue } from "../python/value.ts";
import { base64 } from "./base64.ts";
import type { NamedClass, NamedClasses } from "./named.ts";

type Numeric = "int" | "float";
const JSON_NAME: Readonly<Record<string, string>> = { int: "integer", float: "number", str: "string", bool: "boolean", bytes: "string" };

function bounded(type: Numeric, schema: object, holds: (value: number) => boolean, expected: string): NamedClass {
  return {
    schema: { type: JSON_NAME[type], ...schema },
    read(value, state) {
      const number = coerceAtom(type, value, state);
      return holds(Number(number)) ? number : refuse(`${type} ${expected}`, value);
    },
  };
}

const BOUNDS: readonly (readonly [string, object, (value: number) => boolean, string])[] = [
  ["Positive", { exclusiveMinimum: 0 }, (value) => value > 0, "above 0"],
  ["NonNegative", { minimum: 0 }, (value) => value >= 0, "of 0 or more"],
  ["Negative", { exclusiveMaximum: 0 }, (value) => value < 0, "below 0"],
  ["NonPositive", { maximum: 0 }, (value) => value <= 0, "of 0 or less"],
];
const numbers: [string, NamedClass][] = BOUNDS.flatMap(([name, schema, holds, expected]) =>
  (["int", "float"] as const).map((type): [string, NamedClass] => [
    `${name}${type === "int" ? "Int" : "Float"}`,
    bounded(type, schema, holds, expected),
  ]),
);

/** Strict mode: a value of the type itself, an int also for a float. */
const STRICT: readonly (readonly [string, string, (value: PyValue) => boolean])[] = [
  ["StrictInt", "int", isInt],
  ["StrictFloat", "float", (value) => isInt(value) || isFloat(value)],
  ["StrictStr", "str", (value) => typeof value === "string"],
  ["StrictBool", "bool", (value) => typeof value === "boolean"],
  ["StrictBytes", "bytes", (value) => value instanceof Bytes && !value.mutable],
];
const strict = STRICT.map(([name, type, is]): [string, NamedClass] => [
  name,
  {
    schema: { type: JSON_NAME[type], ...(type === "bytes" && { format: "binary" }) },
    read: (value, state) => (is(value) ? coerceAtom(type, value, state) : refuse(type, value)),
  },
]);

const encoded = (["Str", "Bytes"] as const).flatMap((kind) =>
  (["Base64", "Base64Url"] as const).map((format): [string, NamedClass] => [
    format + kind,
    {
      schema: { type: "string", format: format.toLowerCase() },
      read(value: PyValue, state: State) {
        const data =
          kind === "Str" ? new TextEncoder().encode(toStr(value, state) as string) : (coerceAtom("bytes", value, state) as Bytes).data;
        const bytes = base64(data, format === "Base64Url") ?? refuse("base64", value);
        if (kind === "Bytes") return new Bytes(bytes);
        return decoded(bytes) ?? refuse("base64 of text", value);
      },
    },
  ]),
);

export const ANNOTATED: NamedClasses = Object.fromEntries(
  [...numbers, ...strict, ...encoded, ["FiniteFloat", bounded("float", {}, Number.isFinite, "that is finite")] as [string, NamedClass]].map(
    ([name, read]) => [`pydantic.${name}`, read],
  ),
);

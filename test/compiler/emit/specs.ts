/** Signatures and values for the tests of generated code: arbitraries over the whole of TypeSpec. */
import fc, { type Arbitrary } from "fast-check";
import { signatureExpression } from "../../../compiler/5-emit/signature.ts";
import * as abi from "../../../runtime/abi.ts";
import { codeOf, type SignatureCode } from "../../../runtime/signature.ts";
import type { Constraints, FieldSpec, SignatureSpec, TypeSpec } from "../../../runtime/spec.ts";

export function specOf(inputs: readonly FieldSpec[], outputs: readonly FieldSpec[] = [{ name: "answer", type: "str" }]): SignatureSpec {
  return { abi: abi.ABI, name: "Subject", inputs, outputs, hash: "0000000000000000" };
}

/** Runs the generated text as a program would: nothing but the abi is in reach. */
export function compile(spec: SignatureSpec, slots: readonly unknown[] = []): SignatureCode {
  const text = signatureExpression(spec, { language: "js", slots: slots.map((_, i) => `given[${i}]`) });
  return codeOf(new Function("abi", "given", `return ${text};`)(abi, slots));
}

const generic = (of: string, ...args: (TypeSpec | "ellipsis")[]): TypeSpec => ({ kind: "generic", of, args });
const atom = fc.constantFrom<TypeSpec>(
  "str",
  "int",
  "float",
  "bool",
  "bytes",
  "any",
  "none",
  "list",
  "dict",
  "set",
  "tuple",
  "complex",
  "object",
);
const literalType = fc
  .uniqueArray(fc.constantFrom("a", "b", 1, 2, true, null, "__proto__"), { minLength: 1, maxLength: 8 })
  .map((values): TypeSpec => ({ kind: "literal", values }));
const classType = fc
  .constantFrom("datetime.datetime", "datetime.date", "uuid.UUID", "decimal.Decimal", "dspy.Image", "dspy.Tool")
  .map((name): TypeSpec => ({ kind: "class", name }));
const enumType = fc.constant<TypeSpec>({
  kind: "enum",
  name: "Color",
  members: [
    ["RED", "red"],
    ["TWO", 2],
  ],
});

const fieldName: Arbitrary<string> = fc.constantFrom(
  "a",
  "b",
  "issues",
  "value",
  "path",
  "i",
  "item",
  "key",
  "default",
  "constructor",
  "__proto__",
  "toString",
  "abi",
  "größe",
  "then",
);

export const typeSpec: fc.Arbitrary<TypeSpec> = fc.letrec<{ type: TypeSpec; model: TypeSpec }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    atom,
    literalType,
    classType,
    enumType,
    tie("type").map((item) => generic("list", item)),
    tie("type").map((item) => generic("set", item)),
    fc.constant(generic("Counter", "str")),
    fc
      .tuple(fc.oneof(fc.constantFrom<TypeSpec>("str", "int", "float"), literalType), tie("type"))
      .map(([key, item]) => generic("dict", key, item)),
    fc.array(tie("type"), { minLength: 1, maxLength: 3 }).map((args) => generic("tuple", ...args)),
    tie("type").map((item) => generic("tuple", item, "ellipsis")),
    fc.array(tie("type"), { minLength: 2, maxLength: 3 }).map((members): TypeSpec => ({ kind: "union", members })),
    tie("type").map((member): TypeSpec => ({ kind: "union", members: [member, "none"] })),
    tie("model"),
  ),
  model: fc
    .tuple(
      fc.constantFrom("Invoice", "Line", "abi", "issues"),
      fc.uniqueArray(fc.record({ name: fieldName, type: tie("type"), fallback: fc.boolean() }), {
        minLength: 1,
        maxLength: 3,
        selector: (f) => f.name,
      }),
    )
    .map(
      ([name, fields]): TypeSpec => ({
        kind: "model",
        name,
        fields: [
          ...fields.map(({ name, type, fallback }) => ({ name, type, ...(fallback ? { default: "a" } : {}) })),
          { name: "kids", type: generic("list", { kind: "ref", name }), default: [] },
        ],
      }),
    ),
})).type;

const constraints: fc.Arbitrary<Constraints> = fc.oneof(
  fc.record({ ge: fc.integer({ min: -2, max: 2 }), lt: fc.integer({ min: 1, max: 5 }) }, { requiredKeys: [] }),
  fc.record(
    {
      min_length: fc.integer({ min: 0, max: 2 }),
      max_length: fc.integer({ min: 0, max: 3 }),
      pattern: fc.constantFrom("^[a-z]+$", "a", "/"),
    },
    { requiredKeys: [] },
  ),
  fc.record({ multiple_of: fc.constantFrom(2, 0.5), gt: fc.constant(-10), allow_inf_nan: fc.boolean() }, { requiredKeys: [] }),
);

export const fields: fc.Arbitrary<readonly FieldSpec[]> = fc.uniqueArray(
  fc
    .record({
      name: fieldName,
      type: typeSpec,
      constraints: fc.option(constraints, { nil: undefined }),
      fallback: fc.option(fc.constantFrom<FieldSpec["default"]>("a", 1, null, { float: "1.0" }, ["a"]), { nil: undefined }),
    })
    .map(
      ({ name, type, constraints, fallback }): FieldSpec => ({
        name,
        type,
        ...(constraints ? { constraints } : {}),
        ...(fallback === undefined ? {} : { default: fallback }),
      }),
    ),
  { maxLength: 4, selector: (field) => field.name },
);

/** Values near what the types want, and far from it. */
const anyValue: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<unknown>(
      undefined,
      null,
      true,
      0,
      1,
      2,
      -0,
      1.5,
      Number.NaN,
      Infinity,
      2 ** 53,
      1n,
      "a",
      "b",
      "",
      "red",
      "😀😀",
      "__proto__",
      "2024-02-30",
      "2024-02-29",
      "1.50",
      "8d8ac610-566d-4ef0-9c22-186b2a5ed793",
    ),
    fc.constantFrom<unknown>(new Date(0), new Date(Number.NaN), new Uint8Array(2), new Set(), new Map(), Symbol.iterator, () => 1),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.array(tie("value"), { maxLength: 3 }).map((items) => new Set(items)),
    fc.dictionary(fc.oneof(fieldName, fc.constantFrom("1", "1.5", "kids")), tie("value"), { maxKeys: 3, noNullPrototype: true }),
  ),
})).value;

/** A value that fits the type more often than not. */
function valueFor(type: TypeSpec | "ellipsis", depth = 0): fc.Arbitrary<unknown> {
  if (depth > 4 || type === "ellipsis") return anyValue;
  const inner = (part: TypeSpec | "ellipsis") => valueFor(part, depth + 1);
  const right = rightValue(type, inner);
  return fc.oneof({ weight: 12, arbitrary: right }, { weight: 1, arbitrary: anyValue });
}

function rightValue(type: TypeSpec, inner: (part: TypeSpec | "ellipsis") => fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  if (typeof type === "string") {
    const atoms: Record<string, fc.Arbitrary<unknown>> = {
      str: fc.constantFrom("a", "bb", "😀", "A/"),
      int: fc.integer({ min: -3, max: 5 }),
      float: fc.constantFrom(0, 0.5, 2, Number.NaN),
      bool: fc.boolean(),
      none: fc.constant(null),
      bytes: fc.constant(new Uint8Array(1)),
      list: fc.constant([1]),
      tuple: fc.constant([1]),
      dict: fc.constant({ a: 1 }),
      set: fc.constant(new Set([1])),
      complex: fc.constant("1+2j"),
    };
    return atoms[type] ?? fc.constant(0);
  }
  switch (type.kind) {
    case "literal":
      return fc.constantFrom(...type.values);
    case "enum":
      return fc.constantFrom("red", 2);
    case "union":
      return fc.oneof(...type.members.map(inner));
    case "model":
      return fc.record(
        {
          ...Object.fromEntries(
            type.fields.filter((f) => f.name !== "__proto__").map((f) => [f.name, inner(f.name === "kids" ? "list" : f.type)]),
          ),
        },
        { requiredKeys: [] },
      );
    case "generic": {
      const [first = "any", second = "any"] = type.args;
      if (type.of === "list" || second === "ellipsis") return fc.array(inner(first), { maxLength: 3 });
      if (type.of === "set") return fc.array(inner(first), { maxLength: 3 }).map((items) => new Set(items));
      if (type.of === "dict") return fc.dictionary(fc.constantFrom("a", "1"), inner(second), { maxKeys: 2, noNullPrototype: true });
      return fc.tuple(...type.args.map(inner));
    }
    default:
      return anyValue;
  }
}

/** An input object for the fields: some missing, some wrong, now and then one too many. */
export function inputsFor(table: readonly FieldSpec[]): fc.Arbitrary<unknown> {
  const record = fc
    .tuple(
      ...table.map((field) => fc.option(valueFor(field.type), { nil: undefined, freq: 6 })),
      fc.option(anyValue, { nil: undefined, freq: 2 }),
    )
    .map((values) => {
      const object: Record<string, unknown> = {};
      for (const [i, field] of table.entries())
        if (values[i] !== undefined)
          Object.defineProperty(object, field.name, { value: values[i], enumerable: true, configurable: true, writable: true });
      const extra = values.at(-1);
      if (extra !== undefined) Object.defineProperty(object, "extra", { value: extra, enumerable: true });
      return object;
    });
  return fc.oneof({ weight: 20, arbitrary: record }, { weight: 1, arbitrary: anyValue });
}

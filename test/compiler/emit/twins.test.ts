/** The compiler may not import the runtime's code, so three small tables exist twice. They say the same. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { constantText } from "../../../compiler/3-check/constant-text.ts";
import { containerKind } from "../../../compiler/5-emit/container-kind.ts";
import { typeText } from "../../../compiler/5-emit/type-text.ts";
import { constantText as runtimeConstantText, typeText as runtimeTypeText } from "../../../runtime/type-text.ts";
import { containerKind as runtimeContainerKind } from "../../../runtime/validate/container-kind.ts";
import { typeSpec } from "./specs.ts";

it("types are spelled alike", () => {
  fc.assert(fc.property(typeSpec, (type) => void expect(typeText(type)).toBe(runtimeTypeText(type))));
});

it("constants are spelled alike", () => {
  const constant = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom({ float: "1e400" }, { int: "9007199254740993" }, { repr: "b'x'" }),
  );
  fc.assert(
    fc.property(fc.oneof(constant, fc.array(constant)), (value) => void expect(constantText(value)).toBe(runtimeConstantText(value))),
  );
});

it("containers are told apart alike", () => {
  const names = [
    "list",
    "List",
    "typing.List",
    "collections.abc.Sequence",
    "Iterable",
    "set",
    "frozenset",
    "AbstractSet",
    "dict",
    "Mapping",
    "OrderedDict",
    "tuple",
    "Tuple",
    "Counter",
    "type",
  ];
  for (const name of names) expect(containerKind(name)).toBe(runtimeContainerKind(name));
});

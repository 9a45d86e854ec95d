/** A field's default, as the language writes it and as a schema library does. */
import { expect, test } from "vitest";
import type { Constant } from "../../../runtime/spec.ts";
import { interpretedCode } from "../../../runtime/validate/interpret.ts";

test.each<[string, unknown, unknown]>([
  ["an empty map", {}, {}],
  ["a map", { a: { b: [1, { c: null }] } }, { a: { b: [1, { c: null }] } }],
  ["a map whose keys are a tag's words", { float: 1, repr: false }, { float: 1, repr: false }],
  ["a tagged map", { dict: [["a", { float: "1000.0" }]] }, { a: 1000 }],
])("%s", (_, given, value) => {
  const { validateInputs } = interpretedCode({
    abi: 1,
    name: "A",
    hash: "",
    inputs: [{ name: "a", type: "dict", default: given as Constant }],
    outputs: [],
  });
  const issues: never[] = [];
  expect(validateInputs({}, issues, [])).toEqual({ a: value });
  expect(issues).toEqual([]);
});

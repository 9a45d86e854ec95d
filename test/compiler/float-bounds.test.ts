/** `ge=0.0` is the number 0 to every check, and `0.0` in the prompt, as DSPy prints it. */
import { expect, it } from "vitest";
import { jsonSchema } from "../../compiler/5-emit/json-schema.ts";
import { signatureExpression } from "../../compiler/5-emit/signature.ts";
import { compileText } from "../../compiler/compile.ts";
import { compileSignature } from "../../compiler/index.ts";
import * as abi from "../../runtime/abi.ts";
import { validate } from "../../runtime/validate.ts";

const text = "a: float(ge=0.0, lt=1.0) -> b: int(multiple_of=2.0)";
const { spec } = compileText(text).value!;

it.each([
  ["generated", new Function("abi", `return ${signatureExpression(spec, { language: "js" })}`)(abi)],
  ["interpreted", compileSignature(text)],
])("%s checks compare the number", (_, signature) => {
  expect(validate({ a: 0 }, signature).ok).toBe(true);
  expect(validate({ a: 0.5 }, signature).ok).toBe(true);
  expect(validate({ a: 1 }, signature)).toMatchObject({ ok: false, issues: [{ path: ["a"], expected: "a number less than 1" }] });
  expect(validate({ a: -0.1 }, signature).ok).toBe(false);
  expect(validate({ b: 4 }, signature, "outputs").ok).toBe(true);
  expect(validate({ b: 3 }, signature, "outputs").ok).toBe(false);
});

it("JSON Schema has numbers", () => {
  expect(jsonSchema(spec, "inputs", "A")).toMatchObject({ properties: { a: { minimum: 0, exclusiveMaximum: 1 } } });
});

import { inspect, isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FieldSpec, TypeSpec } from "../../../runtime/spec.ts";
import { interpret } from "../../../runtime/validate/interpret.ts";
import { compile, fields, inputsFor, specOf } from "./specs.ts";

/** Not toStrictEqual: it reads `constructor` as a class, and here it is data. */
function same(actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) expect(inspect(actual, { depth: 9 })).toBe(inspect(expected, { depth: 9 }));
}

describe("generated validators", () => {
  it("agree with the interpreter on every type and value", () => {
    fc.assert(
      fc.property(
        fields.chain((table) => fc.tuple(fc.constant(table), inputsFor(table))),
        ([table, value]) => {
          const spec = specOf(table, table);
          const compiled = compile(spec);
          const interpreted = interpret(spec);
          same(compiled.validateInputs(value), interpreted.validateInputs(value));
          same(compiled.validateOutputs(value), interpreted.validateOutputs(value));
        },
      ),
      { numRuns: 1500 },
    );
  });

  const check = (type: TypeSpec, value: unknown, more: Partial<FieldSpec> = {}) =>
    compile(specOf([{ name: "x", type, ...more }])).validateInputs({ x: value });
  const words = (checked: ReturnType<typeof check>) => (checked.ok ? [] : checked.issues.map((issue) => issue.message));

  it("report every issue at once, with path, expected and received", () => {
    const spec = specOf([
      { name: "message", type: "str" },
      { name: "history", type: { kind: "generic", of: "list", args: ["str"] }, constraints: { max_length: 2 } },
      { name: "score", type: "float", constraints: { ge: 0, le: 1 } },
    ]);
    const checked = compile(spec).validateInputs({ history: ["a", 5, null], score: 3, mesage: "hi" });
    expect(checked).toStrictEqual({
      ok: false,
      issues: [
        {
          path: ["mesage"],
          expected: "one of message, history, score",
          received: '"hi"',
          message: "mesage: not an input of this signature; expected one of message, history, score.",
        },
        { path: ["message"], expected: "str", received: "nothing", message: "message: missing; expected str." },
        { path: ["history", 1], expected: "str", received: "5", message: "history[1]: expected str, received 5." },
        { path: ["history", 2], expected: "str", received: "null", message: "history[2]: expected str, received null." },
        { path: ["history"], expected: "at most 2 items", received: "3", message: "history: expected at most 2 items, received 3." },
        {
          path: ["score"],
          expected: "a number less than or equal to 1",
          received: "3",
          message: "score: expected a number less than or equal to 1, received 3.",
        },
      ],
    });
  });

  it("take own enumerable properties only", () => {
    const spec = specOf([
      { name: "constructor", type: "str" },
      { name: "__proto__", type: "str" },
      { name: "toString", type: { kind: "union", members: ["str", "none"] } },
    ]);
    const { validateInputs } = compile(spec);
    expect(words(validateInputs({}))).toEqual(["constructor: missing; expected str.", "__proto__: missing; expected str."]);
    const given = JSON.parse('{"__proto__":"p","constructor":"c","toString":null}');
    const checked = validateInputs(given);
    expect(checked.ok && Object.entries(checked.value)).toEqual([
      ["constructor", "c"],
      ["__proto__", "p"],
      ["toString", null],
    ]);
    expect(checked.ok && Object.getPrototypeOf(checked.value)).toBe(Object.prototype);
    expect(compile(specOf([{ name: "x", type: "str" }])).validateInputs(Object.create({ x: "inherited" })).ok).toBe(false);
    expect(compile(specOf([{ name: "x", type: "str" }])).validateInputs(Object.defineProperty({}, "x", { value: "hidden" })).ok).toBe(
      false,
    );
  });

  it("are not fooled by a polluted Object.prototype", () => {
    Object.defineProperty(Object.prototype, "x", { value: "polluted", configurable: true });
    try {
      expect(check("str", undefined).ok).toBe(false);
      expect(compile(specOf([{ name: "x", type: "str" }])).validateInputs({}).ok).toBe(false);
    } finally {
      delete (Object.prototype as Record<string, unknown>).x;
    }
  });

  it("fill defaults with a fresh value, and never change their argument", () => {
    const { validateInputs } = compile(
      specOf([
        { name: "tags", type: { kind: "generic", of: "list", args: ["str"] }, default: ["a"] },
        { name: "note", type: { kind: "union", members: ["str", "none"] } },
      ]),
    );
    const given = Object.freeze({});
    const [first, second] = [validateInputs(given), validateInputs(given)];
    expect(first).toStrictEqual({ ok: true, value: { tags: ["a"], note: null } });
    expect(first.ok && second.ok && first.value.tags !== second.value.tags).toBe(true);
  });

  it("tell an integer beyond 2^53 from a wrong type", () => {
    expect(check("int", 2 ** 53)).toMatchObject({ ok: false, issues: [{ code: "int_unsafe" }] });
    expect(check("int", 5n)).toMatchObject({ ok: false, issues: [{ code: "int_unsafe" }] });
    expect(check("int", 5.5)).toMatchObject({ ok: false, issues: [{ expected: "int", received: "5.5" }] });
    expect(check("int", 5.5)).not.toMatchObject({ issues: [{ code: "int_unsafe" }] });
  });

  it("count characters as Python does", () => {
    expect(check("str", "😀😀😀", { constraints: { max_length: 3 } }).ok).toBe(true);
    expect(check("str", "😀😀😀", { constraints: { min_length: 4 } }).ok).toBe(false);
    expect(check("str", "😀", { constraints: { pattern: "^.$" } }).ok).toBe(true);
  });

  it("take NaN and Infinity for a float unless a constraint forbids it", () => {
    expect(check("float", Number.NaN).ok).toBe(true);
    expect(check("float", Number.NaN, { constraints: { ge: 0 } }).ok).toBe(false);
    expect(check("float", Infinity, { constraints: { allow_inf_nan: false } }).ok).toBe(false);
  });

  it("answer in words, never with an exception, whatever comes", () => {
    const cyclic: Record<string, unknown> = { label: "a" };
    cyclic.kids = [cyclic];
    const node: TypeSpec = {
      kind: "model",
      name: "Node",
      fields: [
        { name: "label", type: "str" },
        { name: "kids", type: { kind: "generic", of: "list", args: [{ kind: "ref", name: "Node" }] } },
      ],
    };
    expect(words(check(node, cyclic))).toEqual([expect.stringContaining("at most 500 levels deep")]);
    for (const value of [Symbol("s"), () => 1, new Proxy({}, {}), Object.create(null), new Map(), [], null, undefined, "text", 5]) {
      expect(compile(specOf([{ name: "x", type: "int" }])).validateInputs(value).ok).toBe(false);
    }
  });

  it("let the nearest member of a union speak", () => {
    const type: TypeSpec = { kind: "union", members: ["int", { kind: "generic", of: "list", args: ["str"] }] };
    expect(words(check(type, ["a", 1]))).toEqual(["x[1]: expected str, received 1."]);
    expect(words(check(type, "a"))).toEqual(['x: expected Union[int, list[str]], received "a".']);
  });
});

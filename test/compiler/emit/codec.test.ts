/** Generated serializers: values go to JSON and come back equal; a signature of plain values has none. */
import { expect, it } from "vitest";
import { codecDeclarations } from "../../../compiler/5-emit/codec.ts";
import { Interfaces } from "../../../compiler/5-emit/typescript-type.ts";
import { compileText } from "../../../compiler/compile.ts";
import * as abi from "../../../runtime/abi.ts";
import { history, image } from "../../../runtime/values.ts";
import { compile } from "./specs.ts";

const declarations = (text: string) => codecDeclarations(new Interfaces(), compileText(text).value!.spec, "inputs", "XInputs");
const codec = (text: string) => {
  const [encode, decode] = declarations(text).map(({ value }) => new Function("abi", `return ${value};`)(abi));
  return { encode, decode };
};

const TEXT =
  "when: datetime.datetime, tags: set[str], raw: bytes, page: dspy.Image, past: dspy.History, days: list[datetime.datetime], by: dict[str, set[int]], pair: tuple[str, bytes], deep: list[list[datetime.datetime]], plain: list[str], maybe: datetime.datetime | None -> a";
const VALUE = {
  when: new Date(0),
  tags: new Set(["a"]),
  raw: new Uint8Array([0, 255]),
  page: image("https://example.org/a.png"),
  past: history([{ question: "q", answer: "a" }]),
  days: [new Date(1), new Date(2)],
  by: { x: new Set([1]) },
  pair: ["a", new Uint8Array([1])],
  deep: [[new Date(3)], []],
  plain: ["p"],
  maybe: null,
};

it("goes to JSON and comes back", () => {
  const { encode, decode } = codec(TEXT);
  const wire = encode(VALUE);
  expect(JSON.parse(JSON.stringify(wire))).toEqual(wire);
  expect(wire).toMatchObject({ when: "1970-01-01T00:00:00.000Z", tags: ["a"], raw: "AP8=", pair: ["a", "AQ=="], maybe: null });
  expect(decode(JSON.parse(JSON.stringify(wire)))).toEqual(VALUE);
  expect(compile(compileText(TEXT).value!.spec).validateInputs(decode(wire)).ok).toBe(true);
});

it("leaves an absent input absent", () => {
  const { encode, decode } = codec("when: datetime.datetime | None -> a");
  expect(decode(JSON.parse(JSON.stringify(encode({}))))).toEqual({ when: undefined });
});

it("is not written for plain values", () => {
  expect(declarations("a: str, b: list[int], c: dict[str, float], d: Literal['x'], e: Any -> f")).toEqual([]);
});

/** Large texts stay typed, and what is too large for the checker is loose: the live types never make an error of their own. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { check, compilers } from "./compilers.ts";

const project = fileURLToPath(new URL(`fixtures-limits-${process.pid}`, import.meta.url));
const list = (count: number, item: (i: number) => string): string => Array.from({ length: count }, (_, i) => item(i)).join(", ");

/** The text, a field of its outputs, and the field's type. */
const texts: readonly (readonly [string, string, string])[] = [
  [`${list(100, (i) => `a${i}: str`)} -> ${list(100, (i) => `b${i}: list[int]`)}`, "b99", "number[]"],
  [`${list(128, (i) => `a${i}`)} -> ${list(128, (i) => `b${i}: int = 3`)}`, "b127", "number"],
  [`x -> y: Literal[${list(300, (i) => `"${i % 3}"`)}]`, "y", '"0" | "1" | "2"'],
  [`x -> y: Literal[${list(100, (i) => `'it(s) ${i % 2}, a=b'`)}]`, "y", '"it(s) 0, a=b" | "it(s) 1, a=b"'],
  [
    `${list(60, (i) => `a${i}: str "what it says, and how -> it does"`)} -> ${list(60, (i) => `b${i}: float(ge=0, le=${i}) "d"`)}`,
    "b59",
    "number",
  ],
  [`"""${"A line -> of: the, docstring\n".repeat(400)}"""\nx: str "${"a, b -> c ".repeat(1000)}" -> y: int`, "y", "number"],
  [`x -> y: Union[${list(40, (i) => (i % 2 ? "int" : "str"))}]`, "y", "number | string"],
  [`x -> y: ${"list[".repeat(8)}int${"]".repeat(8)}`, "y", `number${"[]".repeat(8)}`],
  [`x -> y: ${"list[".repeat(60)}int${"]".repeat(60)}`, "y", "unknown"],
  [`x -> y: ${"Optional[dict[str, tuple[int, ".repeat(12)}int${"]]]".repeat(12)}`, "y", "unknown"],
  [`x -> y: ${"(".repeat(40)}int${")".repeat(40)}`, "y", "number"],
];

beforeAll(() => {
  mkdirSync(project);
  const fixtures = fileURLToPath(new URL("fixtures", import.meta.url));
  writeFileSync(`${project}/tsconfig.json`, readFileSync(`${fixtures}/tsconfig.json`));
  writeFileSync(`${project}/equal.ts`, readFileSync(`${fixtures}/equal.ts`));
  const head = ['import type { OutputOf, Parse } from "dspex";', 'import { type Equal, same } from "./equal.ts";'];
  const checks = texts.map(([text, field, type]) => `same<Equal<OutputOf<Parse<${JSON.stringify(text)}>>["${field}"], ${type}>>();`);
  writeFileSync(`${project}/limits.ts`, [...head, ...checks].join("\n"));
});
afterAll(() => rmSync(project, { recursive: true }));

test.each(Object.keys(compilers))("TypeScript %s", { timeout: 120_000 }, async (version) => {
  const { errors } = await check(version, project);
  expect(errors.map((error) => error.slice(0, 200))).toEqual([]);
});

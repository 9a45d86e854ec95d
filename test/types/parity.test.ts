/**
 * The live types and the compiled ones are the same types: for every signature of the corpus that compiles, `Parse<S>`
 * is held equal to what the emitter prints for the grammar's result. One project, compiled once a compiler.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { printModule } from "../../compiler/5-emit/print.ts";
import { Interfaces } from "../../compiler/5-emit/typescript-type.ts";
import { compileText } from "../../compiler/compile.ts";
import { check, compilers } from "./compilers.ts";

const corpus = readFileSync(new URL("../conformance/rows/signatures.jsonl", import.meta.url), "utf8")
  .trimEnd()
  .split("\n");
const project = fileURLToPath(new URL(`fixtures-parity-${process.pid}`, import.meta.url));

/**
 * Where the live type is looser: it does not compute escapes, prefixes and joined strings, Python's other spellings of
 * numbers, nor names in NFKC; nor does it read text behind the parameter list. A ClassVar is no field in Python, which only the grammar knows.
 */
const loose = (text: string): boolean =>
  /\\|\b[rbuRBU]["']|["']\s*["']|\b\d+[_xej]|\): pass|ClassVar/.test(text) || text.normalize("NFKC") !== text;

beforeAll(() => {
  const fixtures = fileURLToPath(new URL("fixtures", import.meta.url));
  const config = JSON.parse(readFileSync(`${fixtures}/tsconfig.json`, "utf8")) as object;
  mkdirSync(project);
  writeFileSync(`${project}/tsconfig.json`, JSON.stringify(config));
  writeFileSync(`${project}/equal.ts`, readFileSync(`${fixtures}/equal.ts`));
  writeFileSync(`${project}/rows.ts`, rowsModule());
});
afterAll(() => rmSync(project, { recursive: true }));

let rows: readonly string[] = [];

function rowsModule(): string {
  const interfaces = new Interfaces();
  const checks: string[] = [];
  const texts: string[] = [];
  for (const line of corpus) {
    const { signature: text, ok } = JSON.parse(line) as { signature: string; ok: boolean };
    const ir = ok && !loose(text) ? compileText(text).value : undefined;
    if (!ir) continue;
    const inputs = interfaces.declare(`I${texts.length}`, undefined, ir.spec.inputs, "inputs", []);
    const outputs = interfaces.declare(`O${texts.length}`, undefined, ir.spec.outputs, "outputs", []);
    // An interface is no mapped type, so the two are compared property by property.
    checks.push(
      `same<Equal<Flat<InputOf<Parse<${JSON.stringify(text)}>>>, Flat<${inputs}>>>(); same<Equal<Flat<OutputOf<Parse<${JSON.stringify(text)}>>>, Flat<${outputs}>>>();`,
    );
    texts.push(text);
  }
  rows = texts;
  const declarations = printModule({ header: [], imports: [], statements: interfaces.declarations });
  const head = [
    `import type { ${["InputOf", "OutputOf", "Parse", ...interfaces.imported].join(", ")} } from "dspex";`,
    'import { type Equal, same } from "./equal.ts";',
    "type Flat<T> = { [K in keyof T]: T[K] };",
  ];
  return [...checks, ...head, declarations].join("\n");
}

test.each(Object.keys(compilers))(
  "TypeScript %s: every row of the corpus has the type the compiler prints",
  { timeout: 120_000 },
  async (version) => {
    expect(rows.length).toBeGreaterThan(800);
    const { errors } = await check(version, project);
    const differing = errors.map((error) => rows[Number(/^rows\.ts\((\d+),/.exec(error)?.[1]) - 1] ?? error);
    expect([...new Set(differing)]).toEqual([]);
  },
);

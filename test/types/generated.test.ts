/**
 * Generated modules say `@ts-nocheck`, so that no project checks them again: they are checked here, strictly and on every
 * TypeScript, for every signature of the corpus that compiles.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fileEntries } from "../../compiler/5-emit/entries.ts";
import { type FileModule, fileModule, UNCHECKED } from "../../compiler/5-emit/module.ts";
import { printModule } from "../../compiler/5-emit/print.ts";
import { indexModule, registryModule } from "../../compiler/5-emit/registry.ts";
import { compileFile } from "../../compiler/compile.ts";
import { check, compilers } from "./compilers.ts";

const project = fileURLToPath(new URL(`fixtures-generated-${process.pid}`, import.meta.url));
const corpus = readFileSync(new URL("../conformance/rows/signatures.jsonl", import.meta.url), "utf8")
  .trimEnd()
  .split("\n");
const rows = corpus.map((line) => JSON.parse(line) as { signature: string; ok: boolean });

beforeAll(() => {
  const literals = rows.filter(({ ok }) => ok).map(({ signature }, i) => `export const s${i} = sig(${JSON.stringify(signature)});`);
  const text = ['import { sig } from "dspex";', ...literals, "export const Tagged = sig.Tagged`question -> answer: int(ge=1)`;"].join("\n");
  const { signatures } = compileFile({ path: "rows.ts", text });
  expect(signatures.length).toBeGreaterThan(800);
  const file: FileModule = fileModule("rows.ts", signatures, []);
  const files = [{ specifier: "./rows.ts", entries: fileEntries(file, text) }];
  mkdirSync(project);
  const config = JSON.parse(readFileSync(new URL("fixtures/tsconfig.json", import.meta.url), "utf8")) as {
    compilerOptions: Record<string, unknown>;
  };
  const declarations = "../../../dist/types/runtime";
  // Decoders read untyped data, and their callbacks' items are untyped with it.
  const strictest = {
    noImplicitAny: false,
    noImplicitOverride: true,
    noUnusedParameters: true,
    noImplicitReturns: true,
    isolatedDeclarations: true,
    declaration: true,
    skipLibCheck: false,
  };
  config.compilerOptions = {
    ...config.compilerOptions,
    ...strictest,
    paths: { dspex: [`${declarations}/index.d.ts`], "dspex/internal": [`${declarations}/abi.d.ts`] },
  };
  writeFileSync(`${project}/tsconfig.json`, JSON.stringify(config));
  for (const [name, module] of [
    ["rows.ts", file.module],
    ["registry.d.ts", registryModule(files)],
    ["index.ts", indexModule(files)],
  ] as const) {
    const printed = printModule(module);
    if (name !== "registry.d.ts") expect(printed).toContain(`// ${UNCHECKED}`);
    writeFileSync(`${project}/${name}`, printed.replace(`// ${UNCHECKED}\n`, ""));
  }
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

test.each(Object.keys(compilers))(
  "TypeScript %s: generated modules, the registry and our declarations are without a fault",
  { timeout: 240_000 },
  async (version) => {
    const { errors } = await check(version, project);
    expect(errors.slice(0, 5)).toEqual([]);
  },
);

/**
 * What the live types cost: type instantiations a signature, above the same project with explicit types. Seconds depend on
 * the machine; these counts hardly do: 5.9 and 7 differ by a few in a hundred.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Form, filesOf } from "../bench/rows/tsc/corpus.ts";
import { check } from "./compilers.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const FILES = 15;
const SIGNATURES = FILES * 20;

/** Raise a number only with a reason: each tenth is a part of a second in somebody's editor. */
const budgets = { plain: 270, full: 570 } as const;

const folders = new Map<Form, string>();
beforeAll(() => {
  for (const form of ["explicit", "plain", "full"] as const) {
    const folder = `${here}fixtures-budget-${form}-${process.pid}`;
    folders.set(form, folder);
    for (const [name, text] of [...filesOf(form)].slice(0, FILES)) {
      mkdirSync(dirname(`${folder}/${name}`), { recursive: true });
      writeFileSync(`${folder}/${name}`, text);
    }
    writeFileSync(`${folder}/tsconfig.json`, readFileSync(`${here}fixtures/tsconfig.json`));
  }
});
afterAll(() => {
  for (const folder of folders.values()) rmSync(folder, { recursive: true });
});

async function instantiations(version: string, form: Form): Promise<number> {
  const checked = await check(version, folders.get(form)!);
  expect(checked.errors).toEqual([]);
  return checked.instantiations;
}

test.each(["5.9", "7"])("TypeScript %s: a live signature stays within its budget", { timeout: 240_000 }, async (version) => {
  const floor = await instantiations(version, "explicit");
  for (const form of ["plain", "full"] as const) {
    const each = ((await instantiations(version, form)) - floor) / SIGNATURES;
    expect(each, form).toBeLessThanOrEqual(budgets[form]);
    // A budget far above what is spent would say nothing.
    expect(each, form).toBeGreaterThan(budgets[form] * 0.8);
  }
});

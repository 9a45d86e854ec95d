/**
 * test/cases: one folder a behaviour, `input.ts` in, `ir.txt` and `diagnostics.txt` out (a file that would be empty is
 * absent). Run with UPDATE_CASES=1 to write what comes out; the difference is then read in review.
 */
import { existsSync, globSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, posix } from "node:path";
import { describe, expect, it } from "vitest";
import { openTypeReader } from "../../compiler/1-scan/checker.ts";
import { printIr } from "../../compiler/4-ir/print.ts";
import { compileFile } from "../../compiler/compile.ts";
import { codes } from "../../compiler/diagnostics/codes.ts";
import { printDiagnostic } from "../../compiler/diagnostics/print.ts";
import type { SourceFile } from "../../compiler/source.ts";

const root = join(import.meta.dirname, "../cases");
const cases = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);
const types = openTypeReader({ root, tsconfig: join(root, "tsconfig.json") });

/** Found by other stages than this pipeline; their own tests have them. */
const ELSEWHERE: readonly string[] = ["generated_stale", "tag_prefix", "feature_left_out"];

function read(name: string, folder = ""): SourceFile {
  return { path: posix.join(folder, name), text: readFileSync(join(root, folder, name), "utf8") };
}

function compileCase(folder: string): { readonly ir: string; readonly diagnostics: string } {
  const file = read("input.ts", folder);
  const load = (specifier: string, importer: SourceFile) => {
    const path = posix.join(posix.dirname(importer.path), specifier.replace(/\.js$/, ".ts"));
    return existsSync(join(root, path)) ? read(path) : undefined;
  };
  const compiled = compileFile(file, { types, typedSlots: true, load });
  const tools = compiled.tools.filter((tool) => tool.spec).map((tool) => `tool ${JSON.stringify(tool.spec, undefined, 2)}\n`);
  return {
    ir: [...compiled.signatures.map(printIr), ...tools].join("\n"),
    diagnostics: compiled.diagnostics.map((d) => `${printDiagnostic(d)}\n`).join("\n"),
  };
}

describe("cases", () => {
  it.each(cases)("%s", (folder) => {
    const found = compileCase(folder);
    for (const [name, text] of [
      ["ir.txt", found.ir],
      ["diagnostics.txt", found.diagnostics],
    ] as const) {
      const path = join(root, folder, name);
      if (process.env.UPDATE_CASES) {
        if (text) writeFileSync(path, text);
        else rmSync(path, { force: true });
      }
      expect(text).toBe(existsSync(path) ? readFileSync(path, "utf8") : "");
    }
  });

  it("has a case for every code", () => {
    const shown = globSync("*/diagnostics.txt", { cwd: root })
      .map((path) => readFileSync(join(root, path), "utf8"))
      .join("\n");
    const lacking = Object.keys(codes).filter(
      (code) => !ELSEWHERE.includes(code) && !new RegExp(`^(?:error|warning|info) ${code}:`, "m").test(shown),
    );
    expect(lacking).toEqual([]);
  });
});

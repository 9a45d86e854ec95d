/** compiler/README.md shows one literal after every stage: what it shows is what comes out. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { printIr } from "../../compiler/4-ir/print.ts";
import { transform } from "../../compiler/6-bundle/transform.ts";
import { compileFile } from "../../compiler/compile.ts";
import { printDiagnostic } from "../../compiler/diagnostics/print.ts";

const readme = readFileSync(new URL("../../compiler/README.md", import.meta.url), "utf8");
const blocks = Array.from(readme.matchAll(/```(?:ts|text|js)\n([\s\S]*?)```/g), ([, block]) => block!);
const [source, ir, emitted, findings] = blocks as [string, string, string, string];
const file = { path: "src/triage.ts", text: source };

it("shows the IR", () => {
  expect(printIr(compileFile(file).signatures[0]!)).toBe(ir);
});

it("shows the emitted code", () => {
  expect(transform(file)!.code).toBe(emitted);
});

it("shows the diagnostics", () => {
  const { diagnostics } = compileFile({ ...file, text: source.replace("float(ge=0, le=1)", "flaot(ge=0, lee=1)") });
  expect(`${diagnostics.map(printDiagnostic).join("\n\n")}\n`).toBe(findings);
});

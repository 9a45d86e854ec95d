/** The short form of every scenario. `npm run chaos` repeats more and waits longer; `--long` more still. */
import { describe, expect, test } from "vitest";
import { runScenario, scenarioFiles } from "./harness/runner.ts";

describe.runIf(process.platform === "linux")("chaos", () => {
  test("the scenarios are numbered 1 to 40, each once", () => {
    expect(scenarioFiles().map(({ scenario }) => scenario)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
  });

  for (const { scenario, file } of scenarioFiles()) {
    test(`${scenario} ${file.replace(/^.*\/\d\d-|\.ts$/g, "").replaceAll("-", " ")}`, { timeout: 120_000 }, async ({ skip }) => {
      const row = await runScenario(file, "short");
      if (row.skipped) skip(row.skipped);
      expect(row, row.note).toMatchObject({ pass: true });
    });
  }
});

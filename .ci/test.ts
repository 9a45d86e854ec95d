/**
 * `npm test`: every test there is. Python is made ready when needed, each suite runs to its end whatever the one before
 * found, and the last line sums them: `N passed, N failed`. Exit 1 on any failure.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { syncPython } from "../runtime/python/env/sync.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const reports = mkdtempSync(join(tmpdir(), "dspex-test-"));

interface Result {
  readonly suite: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

type Suite = (run: (file: string, args: readonly string[]) => Promise<number | undefined>) => Promise<Omit<Result, "suite">>;

const suites: Record<string, (python: string) => Suite> = {
  vitest: () => async (run) => {
    const report = join(reports, "vitest.json");
    const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
    const code = await run(process.execPath, [
      vitest,
      "run",
      "--config",
      "test/vitest.config.ts",
      "--reporter=dot",
      "--reporter=json",
      `--outputFile.json=${report}`,
    ]);
    const found = JSON.parse(readFileSync(report, "utf8")) as {
      readonly [count in "numPassedTests" | "numFailedTests" | "numPendingTests"]: number;
    } & { readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly { readonly status: string }[] }[] };
    // A file that does not load has failed without a test of its own; so has a run that ends badly with none.
    const unloaded = found.testResults.filter(
      (file) => file.status === "failed" && file.assertionResults.every(({ status }) => status !== "failed"),
    );
    const failed = Math.max(found.numFailedTests + unloaded.length, code === 0 ? 0 : 1);
    return { passed: found.numPassedTests, failed, skipped: found.numPendingTests };
  },

  pytest: (python) => async (run) => {
    const report = join(reports, "pytest.xml");
    const code = await run(python, ["-m", "pytest", "-c", "python/pyproject.toml", "-q", `--junitxml=${report}`, "test/python"]);
    const totals = /<testsuite [^>]*>/.exec(readFileSync(report, "utf8"))?.[0] ?? "";
    const count = (name: string): number => Number(new RegExp(` ${name}="(\\d+)"`).exec(totals)?.[1] ?? 0);
    const failed = Math.max(count("failures") + count("errors"), code === 0 ? 0 : 1);
    return { passed: count("tests") - count("failures") - count("errors") - count("skipped"), failed, skipped: count("skipped") };
  },

  conformance: () => async () => {
    const { stdout } = await execa(process.execPath, ["test/conformance/run.ts", "--json"], {
      cwd: root,
      reject: false,
      stderr: "inherit",
    });
    const files = Object.values(JSON.parse(stdout) as Record<string, { total: number; passed: number; failed: string[] }>);
    for (const { failed } of files) if (failed.length > 0) console.log(`failed: ${failed.join(" ")}`);
    return {
      passed: files.reduce((sum, { passed }) => sum + passed, 0),
      failed: files.reduce((sum, { failed }) => sum + failed.length, 0),
      skipped: 0,
    };
  },
};

const results: Result[] = [];
try {
  await execa(process.execPath, [".ci/build.ts"], { cwd: root, stdio: "inherit" });
  const python = await syncPython({
    projectDir: root,
    extras: ["dev", "local"],
    onProgress: ({ phase, text, current, total }) =>
      (phase !== "install" || current === 0 || current === total) && console.log(`python: ${text}`),
  });
  for (const [suite, make] of Object.entries(suites)) {
    console.log(`\n== ${suite}`);
    const env = process.stdout.isTTY ? {} : { NO_COLOR: "1" };
    const run = async (file: string, args: readonly string[]): Promise<number | undefined> =>
      (await execa(file, args, { cwd: root, env, reject: false, stdio: ["ignore", "inherit", "inherit"] })).exitCode;
    try {
      results.push({ suite, ...(await make(python.executable)(run)) });
    } catch (error) {
      console.log(`${suite} ended without a result: ${(error as Error).message}`);
      results.push({ suite, passed: 0, failed: 1, skipped: 0 });
    }
  }
} finally {
  rmSync(reports, { recursive: true, force: true });
}

console.log("");
for (const { suite, passed, failed, skipped } of results)
  console.log(`${suite.padEnd(12)} ${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ""}`);
const sum = (key: "passed" | "failed"): number => results.reduce((total, result) => total + result[key], 0);
console.log(`${sum("passed")} passed, ${sum("failed")} failed`);
process.exitCode = sum("failed") === 0 ? 0 : 1;

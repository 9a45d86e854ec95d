/** Runs the Python half of the fuzzing, in the interpreter the pools use. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { interpreter } from "../harness/python.ts";

const run = promisify(execFile);

test("frames and bodies in Python, by hypothesis", { timeout: 120_000 }, async ({ skip }) => {
  const python = await interpreter();
  const there = await run(python, ["-c", "import hypothesis, pytest"]).then(
    () => true,
    () => false,
  );
  if (!there) skip("the environment has no dev extra: hypothesis and pytest are missing");
  const { stdout } = await run(python, [
    "-m",
    "pytest",
    "-q",
    "-p",
    "no:cacheprovider",
    fileURLToPath(new URL("test_wire.py", import.meta.url)),
  ]).catch((error) => error as { stdout: string });
  expect(stdout).toMatch(/^\d+ passed/m);
  expect(stdout).not.toMatch(/failed|error/);
});

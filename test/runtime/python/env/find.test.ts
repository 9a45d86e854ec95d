import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ConfigurationError } from "../../../../runtime/errors.ts";
import { findPython } from "../../../../runtime/python/env/find.ts";
import { environmentPlaces, packagePython, projectDir } from "../../../../runtime/python/env/places.ts";

let folder: string;
let bin: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dspex-find-"));
  bin = join(folder, "bin");
  mkdirSync(bin);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** An interpreter that answers the probe with these facts. */
function fakePython(path: string, facts: { version: string; dspy?: string | null; venv?: boolean }): string {
  const packages = { dspy: facts.dspy ?? null, msgspec: facts.dspy ? "0.20.0" : null };
  const answer = JSON.stringify({
    executable: path,
    version: facts.version,
    prefix: "/",
    basePrefix: "/",
    packages,
    venv: facts.venv ?? true,
  });
  writeFileSync(path, `#!/bin/sh\necho '${answer}'\n`);
  chmodSync(path, 0o755);
  return path;
}

async function failure(env: Record<string, string>, options: { interpreter?: string } = {}): Promise<ConfigurationError> {
  return findPython({ projectDir: folder, env: { PATH: bin, ...env }, ...options }).then(
    (found) => expect.fail(`found ${found.executable}`),
    (error) => error as ConfigurationError,
  );
}

/** A finished environment, as `syncPython` leaves it. */
function environment(): string {
  const { folder: place, interpreter, marker } = environmentPlaces(folder);
  mkdirSync(join(place, "bin"), { recursive: true });
  fakePython(interpreter, { version: "3.12.1", dspy: "3.4.1" });
  writeFileSync(marker, JSON.stringify({ version: "3.12.1", dspy: "3.4.1", locks: { "": "x" } }));
  return interpreter;
}

describe("without any Python", () => {
  test("every place is named, and the command that mends it", async () => {
    const error = await failure({});
    expect(error).toMatchObject({ name: "ConfigurationError", code: "python_missing", configKey: "interpreter" });
    for (const place of ["DSPEX_PYTHON (not set)", join(folder, ".dspex", "python"), "python3 (not found)", "python3.11 (not found)"])
      expect(error.message).toContain(place);
    expect(error.remedy).toContain("npx dspexc python sync");
  });

  test("one that is too old, one that is broken and one that is not Python are each told apart", async () => {
    fakePython(join(bin, "python3"), { version: "3.9.2" });
    writeFileSync(join(bin, "python3.13"), "#!/bin/sh\nexit 127\n", { mode: 0o755 });
    writeFileSync(join(bin, "python3.12"), "#!/bin/sh\necho hello\n", { mode: 0o755 });
    const { message } = await failure({});
    expect(message).toContain("python3 (3.9.2, which is not 3.11 to 3.14)");
    expect(message).toContain("python3.13 (exited with 127)");
    expect(message).toContain("python3.12 (is not Python 3)");
  });
});

test("a Python without dspy is not enough, and the remedy is short", async () => {
  fakePython(join(bin, "python3"), { version: "3.12.1" });
  const error = await failure({});
  expect(error.message).toContain("python3 (3.12.1, without dspy)");
  expect(error.remedy).toBe("Run `npx dspexc python sync`.");
});

test("a Python on PATH that has the right dspy serves", async () => {
  fakePython(join(bin, "python3"), { version: "3.9.2" });
  const right = fakePython(join(bin, "python3.12"), { version: "3.12.1", dspy: "3.4.1" });
  expect(await findPython({ projectDir: folder, env: { PATH: bin } })).toMatchObject({
    executable: right,
    source: "PATH",
    workerPath: packagePython(),
  });
});

test("the project's environment comes before the PATH and starts no process", async () => {
  fakePython(join(bin, "python3"), { version: "3.12.1", dspy: "3.4.1" });
  const interpreter = environment();
  expect(await findPython({ projectDir: folder, env: { PATH: bin } })).toMatchObject({ executable: interpreter, source: "project" });
});

test("an environment whose interpreter is gone counts as absent", async () => {
  rmSync(environment());
  expect((await failure({})).code).toBe("python_missing");
});

describe("a setting that is wrong is an error, never passed over", () => {
  test("DSPEX_PYTHON that is not there", async () => {
    environment();
    const error = await failure({ DSPEX_PYTHON: "/nowhere/python" });
    expect(error).toMatchObject({ code: "python_missing", configKey: "DSPEX_PYTHON" });
    expect(error.message).toContain("/nowhere/python, which cannot be used: not found");
  });

  test("an interpreter of another dspy", async () => {
    const other = fakePython(join(bin, "mine"), { version: "3.12.1", dspy: "2.6.0" });
    const error = await failure({}, { interpreter: other });
    expect(error).toMatchObject({ code: "dspy_unsupported", configKey: "interpreter", actual: "dspy 2.6.0" });
    expect(error.remedy).toContain("dspy==3.4.1");
  });

  test("a folder, and a file that is no program", async () => {
    writeFileSync(join(bin, "text"), "hello");
    expect((await failure({ DSPEX_PYTHON: folder })).code).toBe("python_missing");
    expect((await failure({ DSPEX_PYTHON: join(bin, "text") })).message).toContain("not executable");
  });
});

test("DSPEX_PYTHON without dspy is what the environment is made from, not what runs", async () => {
  const base = fakePython(join(bin, "base"), { version: "3.13.0" });
  expect((await failure({ DSPEX_PYTHON: base })).remedy).toBe("Run `npx dspexc python sync`, which makes an environment from it.");
  const interpreter = environment();
  expect(await findPython({ projectDir: folder, env: { PATH: bin, DSPEX_PYTHON: base } })).toMatchObject({
    executable: interpreter,
    source: "project",
  });
});

test("the project is the nearest folder with an environment, else with a package.json", () => {
  mkdirSync(join(folder, "packages", "one", "src"), { recursive: true });
  writeFileSync(join(folder, "packages", "one", "package.json"), "{}");
  const source = join(folder, "packages", "one", "src");
  expect(projectDir(source)).toBe(join(folder, "packages", "one"));
  environment();
  writeFileSync(join(folder, ".dspex", "python", "pyvenv.cfg"), "");
  expect(projectDir(source)).toBe(folder);
});

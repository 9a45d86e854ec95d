/** The installer is a script here that does what uv does to a folder, and fails as it fails; Python itself is real. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ConfigurationError } from "../../../../runtime/errors.ts";
import { readMarker } from "../../../../runtime/python/env/marker.ts";
import { environmentPlaces } from "../../../../runtime/python/env/places.ts";
import { type SyncOptions, type SyncProgress, syncPython } from "../../../../runtime/python/env/sync.ts";

let project: string;
let env: Record<string, string | undefined>;
const calls = (): string[] => (existsSync(join(project, "calls")) ? readFileSync(join(project, "calls"), "utf8").trim().split("\n") : []);
const sync = (options: SyncOptions = {}) => syncPython({ projectDir: project, env, ...options });

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "dspex-sync-"));
  const bin = join(project, "bin");
  mkdirSync(bin);
  env = { ...process.env, DSPEX_PYTHON: undefined, PATH: `${bin}${delimiter}${process.env.PATH}` };
  // `venv` makes an interpreter that answers the probe; `pip install` waits, says what it installs, and may fail.
  const facts = { version: "3.12.1", prefix: "/", basePrefix: "/", packages: { dspy: "3.4.1", msgspec: "0.20.0" }, venv: true };
  writeFileSync(join(project, "facts.json"), JSON.stringify(facts));
  writeFileSync(
    join(bin, "uv"),
    `#!/bin/sh
case "$1" in
  --version) echo "uv 0.0.0"; exit 0 ;;
  venv) echo venv >> ${project}/calls; for folder; do :; done; rm -rf "$folder"; mkdir -p "$folder/bin"
    printf '#!/bin/sh\\ncat %s/facts.json\\n' ${project} > "$folder/bin/python"; chmod +x "$folder/bin/python" ;;
  pip) echo pip $(echo "$*" | grep -o 'requirements[a-z-]*') >> ${project}/calls
    if [ "$FAKE_SLEEP" = 20 ]; then exec sleep 20; fi
    sleep "\${FAKE_SLEEP:-0}"; echo " + dspy==3.4.1" >&2; echo " + msgspec==0.20.0" >&2
    if [ -n "$FAKE_FAILURE" ]; then i=0; while [ $i -lt 50 ]; do echo "line $i" >&2; i=$((i+1)); done; echo "$FAKE_FAILURE" >&2; exit 1; fi ;;
esac
`,
  );
  chmodSync(join(bin, "uv"), 0o755);
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

test("the first run installs, tells how far it is, and hides from git; the second starts nothing", async () => {
  const heard: SyncProgress[] = [];
  const first = await sync({ onProgress: (progress) => heard.push(progress) });
  expect(first).toMatchObject({ changed: true, installer: "uv", version: "3.12.1", executable: environmentPlaces(project).interpreter });
  expect(heard.map(({ phase }) => phase)).toEqual(["create", "install", "install", "install", "check", "done"]);
  expect(heard[2]).toMatchObject({ text: "dspy", current: 1 });
  expect(readFileSync(join(project, ".dspex", ".gitignore"), "utf8")).toBe("*\n");
  expect(calls()).toEqual(["venv", "pip requirements"]);
  expect(await sync()).toMatchObject({ changed: false });
  expect(calls()).toHaveLength(2);
});

test("an extra is added to what stands, and stays when the rest is built anew", async () => {
  await sync();
  await sync({ extras: ["local"] });
  expect(calls()).toEqual(["venv", "pip requirements", "pip requirements-local"]);
  const { marker } = environmentPlaces(project);
  const before = readMarker(project)!;
  writeFileSync(marker, JSON.stringify({ ...before, locks: { ...before.locks, "": "an older lock" } }));
  expect(await sync()).toMatchObject({ changed: true });
  expect(calls().slice(3)).toEqual(["venv", "pip requirements requirements-local"]);
  expect(Object.keys(readMarker(project)!.locks).sort()).toEqual(["", "local"]);
});

test("two at one time install once; the second says that it waits", async () => {
  env.FAKE_SLEEP = "0.5";
  const heard: string[] = [];
  const results = await Promise.all([
    sync(),
    sync({ onProgress: ({ phase }) => heard.push(phase) }),
    sync({ onProgress: ({ phase }) => heard.push(phase) }),
  ]);
  expect(results.filter(({ changed }) => changed)).toHaveLength(1);
  expect(heard).toContain("wait");
  expect(calls()).toEqual(["venv", "pip requirements"]);
});

describe("what goes wrong", () => {
  const failure = (): Promise<ConfigurationError> =>
    sync().then(
      () => expect.fail("installed"),
      (error) => error as ConfigurationError,
    );

  test.each([
    ["No space left on device (os error 28)", "disk space"],
    ["error: HASHES ARE REQUIRED: THESE PACKAGES DO NOT MATCH THE HASHES", "package index in use"],
    ["Could not resolve host: error sending request", "network"],
    ["something nobody has seen", "Mend that and run"],
  ])("%s: the last lines, and what to do", async (said, remedy) => {
    env.FAKE_FAILURE = said;
    const error = await failure();
    expect(error).toMatchObject({ name: "ConfigurationError", code: "python_sync_failed" });
    expect(error.message).toContain(said);
    expect(error.message).toContain("line 49");
    expect(error.message).not.toContain("line 10\n");
    expect(error.remedy).toContain(remedy);
    expect(readMarker(project)).toBeUndefined();
  });

  test("after a failure, and after an interruption, the next run builds anew", async () => {
    env.FAKE_FAILURE = "once";
    await failure();
    env.FAKE_FAILURE = "";
    expect(await sync()).toMatchObject({ changed: true });
    expect(calls()).toEqual(["venv", "pip requirements", "venv", "pip requirements"]);
  });

  test("an interrupted extra leaves the base in use, and the next one starts clean", async () => {
    await sync();
    env.FAKE_FAILURE = "cut";
    await sync({ extras: ["local"] }).catch(() => {});
    expect(readMarker(project)).toBeDefined();
    env.FAKE_FAILURE = "";
    await sync({ extras: ["local"] });
    expect(calls().slice(-2)).toEqual(["venv", "pip requirements requirements-local"]);
  });

  test("a cancelled install ends its installer and says so", async () => {
    env.FAKE_SLEEP = "20";
    const began = performance.now();
    await expect(sync({ signal: AbortSignal.timeout(500) })).rejects.toMatchObject({ name: "CancelledError", code: "cancelled" });
    expect(performance.now() - began).toBeLessThan(8000);
    expect(readMarker(project)).toBeUndefined();
  });

  test("no Python to make it from", async () => {
    env.PATH = join(project, "bin");
    expect(await failure()).toMatchObject({ code: "python_missing" });
  });

  test("a project folder that cannot be made", async () => {
    writeFileSync(join(project, ".dspex"), "a file");
    await expect(sync()).rejects.toMatchObject({ code: "python_sync_failed" });
  });
});

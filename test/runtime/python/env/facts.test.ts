import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { environmentFacts } from "../../../../runtime/python/env/facts.ts";
import { lockPath } from "../../../../runtime/python/env/install.ts";
import { lockHashes, readMarker } from "../../../../runtime/python/env/marker.ts";
import { packagePython, projectDir } from "../../../../runtime/python/env/places.ts";

test.skipIf(readMarker(projectDir()) === undefined)(
  "a finished environment tells its versions, imports the worker and tries the sandbox",
  { timeout: 60_000 },
  async () => {
    const facts = await environmentFacts();
    expect(facts.problem).toBeUndefined();
    expect(facts).toMatchObject({ lock: "current", worker: true, python: { dspy: "3.4.1" }, packages: { dspy: "3.4.1" } });
    expect(facts.sandbox!.reached.level).toMatch(/^(full|partial|none)$/);
    expect(facts.sandbox!.reached.applied).toContain("no_new_privs");
    expect(facts.importMs).toBeGreaterThan(0);
  },
);

test("without a Python the problem is part of the answer", async () => {
  const folder = mkdtempSync(join(tmpdir(), "dspex-facts-"));
  try {
    const facts = await environmentFacts({ projectDir: folder, env: { PATH: folder } });
    expect(facts).toMatchObject({ lock: "absent", problem: { code: "python_missing" } });
    expect(facts.python).toBeUndefined();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("the locks are disjoint, so any set of them can be installed together", () => {
  expect(Object.keys(lockHashes(["", "local", "dev"]))).toEqual(["", "local", "dev"]);
  const texts = ["", "local", "dev"].map((extra) => readFileSync(lockPath(packagePython(), extra), "utf8"));
  const names = texts.flatMap((text) => [...text.matchAll(/^([\w.-]+)==/gm)].map(([, name]) => name));
  expect(new Set(names).size).toBe(names.length);
  for (const text of texts) {
    expect(text).not.toMatch(/https?:|--index|--find-links/);
    for (const entry of text.split(/\n(?=\S)/)) expect(entry).toContain("--hash=sha256:");
  }
});

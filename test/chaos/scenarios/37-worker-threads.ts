/** A pool in a worker_thread, and in a test runner's worker process: it serves, and ends with its thread. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { type Context, FIXTURES } from "../harness/context.ts";
import { marked } from "../harness/proc.ts";
import { interpreter } from "../harness/python.ts";
import { Findings, type Verdict } from "../harness/scenario.ts";
import { settleWithin, sleep, until } from "../harness/settle.ts";

export const scenario = 37;
export const name = "pool in a worker_thread and in vitest's workers";
const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

export async function run(context: Context): Promise<Verdict> {
  const findings = new Findings(context.form);
  const thread = () => new Worker(join(FIXTURES, "hosts", "threaded.ts"), { env: { ...process.env, TMPDIR: context.folder } });

  const ends = thread();
  const [answer] = (await once(ends, "message")) as [unknown];
  findings.expect(answer === 3, `in a thread: ${JSON.stringify(answer)}`);
  // The thread that asked for the zygote ends; PDEATHSIG is the thread's death, so what it started may end, but nothing may stay.
  await ends.terminate();
  const gone = await until(3000, () => marked(context.folder).length === 0);
  findings.expect(gone !== undefined, "Python outlives its thread");

  const two = [thread(), thread()];
  const answers = await Promise.all(two.map(async (one) => ((await once(one, "message")) as [unknown])[0]));
  findings.expect(answers.join() === "3,3", `two threads at once: ${JSON.stringify(answers)}`);
  await two[0]!.terminate();
  await sleep(200);
  two[1]!.postMessage("again");
  const survivor = await settleWithin(10_000, once(two[1]!, "message"));
  findings.expect(
    survivor.value?.[0] === 3,
    `the other thread's pool after one ended: ${survivor.outcome} ${JSON.stringify(survivor.value)}`,
  );
  await two[1]!.terminate();

  for (const runner of ["forks", "threads"]) {
    const status = await vitest(context, runner);
    findings.expect(status === 0, `under vitest with ${runner}: status ${status}`);
  }
  findings.expect((await until(3000, () => marked(context.folder).length === 0)) !== undefined, "Python is left");
  return findings.verdict(gone ?? 3000, "ms", "until nothing was left of an ended thread's pool");
}

/** Two test files in two workers of the runner at once, each with a pool of its own that nobody closes. */
async function vitest(context: Context, runner: string): Promise<number | null> {
  const folder = context.folderFor(`vitest-${runner}`);
  mkdirSync(join(folder, "tests"), { recursive: true });
  const profile = join(FIXTURES, "hosts", "profile.ts");
  for (const file of ["one", "two"]) {
    writeFileSync(
      join(folder, "tests", `${file}.test.ts`),
      `import { expect, test } from ${JSON.stringify(join(ROOT, "node_modules/vitest/dist/index.js"))};\nimport { hostPool } from ${JSON.stringify(profile)};\n` +
        `test("a pool", async () => { expect(await hostPool({ size: 1 }).call("faults.add", { a: 1, b: 2 })).toBe(3); });\n`,
    );
  }
  const child = spawn(
    process.execPath,
    [
      join(ROOT, "node_modules/vitest/vitest.mjs"),
      "run",
      "--root",
      folder,
      "--pool",
      runner,
      "--maxWorkers",
      "2",
      "--testTimeout",
      "30000",
    ],
    { cwd: folder, stdio: "ignore", env: { ...process.env, TMPDIR: folder, DSPEX_PYTHON: await interpreter() } },
  );
  const timer = setTimeout(() => child.kill("SIGKILL"), 60_000);
  const [status] = (await once(child, "close")) as [number | null];
  clearTimeout(timer);
  return status;
}

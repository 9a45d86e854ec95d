/** A thread in the zygote (a package's import started it): it is not forked; workers are spawned, and the pool says why. */
import { execFileSync } from "node:child_process";
import { readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Context, PYTHON_FIXTURES } from "../harness/context.ts";
import { facts } from "../harness/proc.ts";
import { interpreter } from "../harness/python.ts";
import { Findings, type Verdict } from "../harness/scenario.ts";
import { settleWithin } from "../harness/settle.ts";

export const scenario = 32;
export const name = "fork after a thread was started in the zygote";

export async function run(context: Context): Promise<Verdict> {
  const findings = new Findings();
  const usual = context.pool({ size: 1 });
  const forked = facts((await usual.call("faults.pid")) as number)!;
  findings.expect(forked.ppid !== process.pid, "without a thread the pool does not fork");
  findings.expect(usual.stats().start === "fork", `without a thread: ${usual.stats().start}`);

  const pool = context.pool({ size: 2, lane: "exclusive", interpreter: await threaded(context) });
  const served = await Promise.all([1, 2].map(() => settleWithin(40_000, pool.call("faults.pid"))));
  for (const { outcome, value } of served) {
    findings.expect(outcome === "ok", `with a thread: ${outcome}`);
    if (outcome === "ok") findings.expect(facts(value as number)!.ppid === process.pid, "with a thread the worker was forked all the same");
  }
  const { start } = pool.stats();
  findings.expect(start !== "fork" && /thread/.test(start), `stats give no reason: ${start}`);
  return findings.verdict(Math.max(...served.map(({ ms }) => ms)), "ms", `first answer by spawning; reason given: ${start}`);
}

/** An environment whose start-up file imports a module that starts a thread. */
async function threaded(context: Context): Promise<string> {
  const python = await interpreter();
  const folder = context.folderFor("threaded");
  const [base, site] = execFileSync(python, ["-I", "-c", "import sys, sysconfig; print(sys._base_executable); print(sysconfig.get_path('purelib'))"], { encoding: "utf8" }).trim().split("\n");
  execFileSync(base!, ["-m", "venv", "--without-pip", folder]);
  const lib = readdirSync(join(folder, "lib")).find((name) => name.startsWith("python"))!;
  const packages = join(folder, "lib", lib, "site-packages");
  for (const entry of readdirSync(site!)) if (!entry.endsWith(".pth") && entry !== "__pycache__") symlinkSync(join(site!, entry), join(packages, entry));
  writeFileSync(join(packages, "chaos.pth"), `${PYTHON_FIXTURES}\nimport starts_thread\n`);
  return join(folder, "bin", "python");
}

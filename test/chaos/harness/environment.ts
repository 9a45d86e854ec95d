/** A Python environment like the usual one, but for a start-up file that runs code of ours before anything else. */
import { execFileSync } from "node:child_process";
import { readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { interpreter } from "./python.ts";

/** True in the hook where the process is to become a zygote or a worker, and not in the probe that looks at its version. */
export const IS_WORKER = 'any("dspex_worker" in arg for arg in sys.orig_argv)';

/** The new environment's interpreter. `hook` is the body of a module that every start of it imports. */
export async function environmentWith(folder: string, hook: string): Promise<string> {
  const [base, site] = execFileSync(
    await interpreter(),
    ["-I", "-c", "import sys, sysconfig; print(sys._base_executable); print(sysconfig.get_path('purelib'))"],
    {
      encoding: "utf8",
    },
  )
    .trim()
    .split("\n");
  execFileSync(base!, ["-I", "-m", "venv", "--without-pip", folder]);
  const lib = readdirSync(join(folder, "lib")).find((name) => name.startsWith("python"))!;
  const packages = join(folder, "lib", lib, "site-packages");
  for (const entry of readdirSync(site!))
    if (!entry.endsWith(".pth") && entry !== "__pycache__") symlinkSync(join(site!, entry), join(packages, entry));
  writeFileSync(join(packages, "chaos.pth"), "import chaos_hook\n");
  writeFileSync(join(packages, "chaos_hook.py"), `import os, signal, sys, threading, time\n${hook}\n`);
  return join(folder, "bin", "python");
}

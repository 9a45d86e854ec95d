/** `dspexc python sync`: the project's Python environment, as the lock file says. The work is `runtime/python/env`. */
import type { PythonExtra, SyncProgress } from "../../runtime/python/env/sync.ts";
import type { Command } from "./command.ts";
import { createProgress } from "./progress.ts";

const command: Command = {
  about: "Installs what the Python route needs into .dspex/python, versions locked with hashes. A second run finds it and ends at once.",
  examples: [
    ["dspexc python sync", "DSPy and the worker"],
    ["dspexc python sync --local", "and the embedded model"],
  ],
  args: {
    local: { type: "boolean", description: "also the embedded model of dspex/local" },
    dev: { type: "boolean", description: "also what this repository's Python tests need" },
    interpreter: { type: "string", description: "the Python to make the environment from", valueHint: "path" },
  },
  async run({ args, cwd, output, signal }) {
    const { syncPython } = await import("../../runtime/python/env/sync.ts");
    const { projectDir } = await import("../../runtime/python/env/places.ts");
    const extras: PythonExtra[] = [...(args.local ? (["local"] as const) : []), ...(args.dev ? (["dev"] as const) : [])];
    const progress = createProgress(output.json);
    const started = performance.now();
    try {
      const result = await syncPython({
        projectDir: projectDir(cwd),
        extras,
        signal,
        onProgress: ({ text, current, total }: SyncProgress) => progress.show(total ? `${text} ${current ?? 0}/${total}` : text),
        ...(typeof args.interpreter === "string" ? { interpreter: args.interpreter } : {}),
      });
      progress.end();
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      const did = result.changed ? `installed with ${result.installer ?? "pip"} in ${seconds} s` : "nothing to do";
      output.answer({ ok: true, data: result, text: `Python ${result.version} with dspy ${result.dspy}: ${did}.` });
      return 0;
    } finally {
      progress.end();
    }
  },
};

export default command;

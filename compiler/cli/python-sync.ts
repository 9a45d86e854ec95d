/** `dspexc python sync`: the project's Python environment, as the lock file says. The work is `runtime/python/env`. */
import type { PythonExtra, SyncProgress } from "../../runtime/python/env/sync.ts";
import type { Command } from "./command.ts";
import { UsageError } from "./failure.ts";
import { createProgress } from "./progress.ts";

const command: Command = {
  about: "Installs what the Python route needs into .dspex/python, versions locked with hashes. A second run finds it and ends at once.",
  examples: [
    ["dspexc python sync", "DSPy and the worker"],
    ["dspexc python sync --extra local", "and the embedded model"],
  ],
  args: {
    extra: {
      type: "string",
      description: "also: local (the embedded model), dev (this repository's Python tests); more than one by commas",
      valueHint: "name",
    },
    local: { type: "boolean", description: "the same as --extra local" },
    dev: { type: "boolean", description: "the same as --extra dev" },
    interpreter: { type: "string", description: "the Python to make the environment from", valueHint: "path" },
  },
  async run({ args, cwd, output, signal }) {
    const { syncPython } = await import("../../runtime/python/env/sync.ts");
    const { projectDir } = await import("../../runtime/python/env/places.ts");
    const named: string[] = typeof args.extra === "string" ? args.extra.split(",") : [];
    const extras = [...named, ...(args.local ? ["local"] : []), ...(args.dev ? ["dev"] : [])].map(extraNamed);
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

function extraNamed(name: string): PythonExtra {
  if (name === "local" || name === "dev") return name;
  throw new UsageError(`There is no extra ${JSON.stringify(name)}; there are local and dev.`);
}

export default command;

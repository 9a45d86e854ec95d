/** `dspexc check`: every mistake of the project at once; `--fix` rewrites what only needs another spelling. */
import { compileProject, failing } from "../6-bundle/project/project.ts";
import { loadConfig } from "../config/load.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Command } from "./command.ts";
import { printDiagnostics, summary } from "./findings.ts";
import { fixFiles } from "./fix.ts";

const command: Command = {
  about: "Reports every mistake in every signature of the project, each with its place and what to do.",
  examples: [
    ["dspexc check", "the whole project"],
    ["dspexc check src/triage.ts", "one file"],
    ["dspexc check --strict --fix", "warnings count; bare tags become calls"],
    ["dspexc check --format github", "annotations for a pull request (the default where GITHUB_ACTIONS is set)"],
  ],
  args: {
    strict: { type: "boolean", description: "warnings count as errors" },
    fix: { type: "boolean", description: "rewrite bare tags as calls, which TypeScript can type" },
    format: { type: "enum", options: ["text", "json", "github"], description: "how findings are written" },
  },
  positionals: { name: "files", max: Number.POSITIVE_INFINITY },
  async run({ args, positionals, output, cwd }) {
    const { settings } = await loadConfig({ cwd, command: "check", flags: { strict: args.strict } });
    let project = await compileProject({ cwd, settings, only: positionals });
    let fixed: readonly string[] = [];
    if (args.fix) {
      fixed = fixFiles(project);
      if (fixed.length) project = await compileProject({ cwd, settings, only: positionals });
    }
    const diagnostics = inOrder(project.diagnostics.filter((found) => found.severity !== "info"));
    const failed = failing(diagnostics, settings.strict);
    const format = output.json ? "json" : (args.format ?? (process.env.GITHUB_ACTIONS ? "github" : "text"));
    if (format === "json") {
      const { createOutput } = await import("./output.ts");
      createOutput({ json: true }).answer({ ok: !failed, data: { files: project.looked, signatures: count(project), fixed }, diagnostics });
      return failed ? 1 : 0;
    }
    await printDiagnostics(diagnostics, format as "text" | "github");
    for (const path of fixed) output.say(`fixed ${path}`);
    output.say(`${count(project)} signatures in ${project.files.length} files: ${summary(diagnostics)}`);
    return failed ? 1 : 0;
  },
};

export default command;

const count = (project: { readonly files: readonly { readonly signatures: readonly unknown[] }[] }): number =>
  project.files.reduce((sum, file) => sum + file.signatures.length, 0);

function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.toSorted((a, b) => (a.file.path === b.file.path ? a.span.start - b.span.start : a.file.path < b.file.path ? -1 : 1));
}

/** `dspexc generate`: writes dspex.gen, and only what changed in it; `--check` compares, `--watch` stays. */
import { relative, resolve } from "node:path";
import { openCache } from "../6-bundle/cache/place.ts";
import { generateProject } from "../6-bundle/project/generate.ts";
import { compileProject, failing, type Project } from "../6-bundle/project/project.ts";
import { apply, type Change, changes } from "../6-bundle/project/write.ts";
import { loadConfig, type Settings } from "../config/load.ts";
import type { Call, Command } from "./command.ts";
import { printDiagnostics, summary } from "./findings.ts";

const command: Command = {
  about:
    "Compiles every signature of the project and writes dspex.gen beside tsconfig.json: types for the editor, values for programs that run unbundled.",
  examples: [
    ["dspexc", "write what changed"],
    ["dspexc generate --check", "exit 1 and show a diff when dspex.gen is stale (for CI)"],
    ["dspexc generate --watch", "write again whenever a file changes"],
  ],
  args: {
    check: { type: "boolean", description: "write nothing; exit 1 with a diff when dspex.gen is stale" },
    watch: { type: "boolean", description: "stay, and write again when a file changes" },
    strict: { type: "boolean", description: "warnings count as errors" },
  },
  positionals: { name: "files", max: Number.POSITIVE_INFINITY },
  async run(call) {
    const load = async () => (await loadConfig({ cwd: call.cwd, command: "generate", flags: { strict: call.args.strict } })).settings;
    if (call.args.watch) return await (await import("./watch.ts")).watch(call, load, (settings) => generate(call, settings));
    return await generate(call, await load());
  },
};

export default command;

async function generate(call: Call, settings: Settings): Promise<number> {
  const { output, positionals, cwd } = call;
  const project = await compileProject({ cwd, settings });
  const wanted = positionals.length
    ? project.diagnostics.filter(({ file }) => positionals.some((path) => resolve(cwd, path) === resolve(cwd, file.path)))
    : project.diagnostics;
  if (!output.json) await printDiagnostics(wanted, "text");
  // The registry and the index are of all files: with an error in one of them nothing can be written.
  if (failing(project.diagnostics, settings.strict)) {
    const where = failing(wanted, settings.strict) ? "" : " In files that were not asked for: see dspexc check.";
    output.answer({ ok: false, data: data(project, [], false), diagnostics: project.diagnostics, text: "" });
    output.say(`${summary(project.diagnostics)}${where} dspex.gen is left as it was.`);
    return 1;
  }
  const cache = settings.cache ? openCache(project.layout.root, "generated") : undefined;
  const found = changes(project.layout, generateProject(project.layout, project.files, cache));
  cache?.save();
  const foreign = found.filter((change) => change.kind === "foreign");
  if (call.args.check === true) return await report(call, project, found);
  apply(project.layout, found);
  const folder = relative(cwd, project.layout.output) || ".";
  output.answer({ ok: foreign.length === 0, data: data(project, found, true), diagnostics: wanted, text: "" });
  for (const { path } of foreign) output.say(`${folder}/${path} was not written by dspexc and is left alone; move it away.`);
  if (!output.json) output.say(line(project, found, folder));
  return foreign.length ? 1 : 0;
}

async function report(call: Call, project: Project, found: readonly Change[]): Promise<number> {
  const { createTwoFilesPatch } = await import("diff");
  const folder = relative(call.cwd, project.layout.output).replaceAll("\\", "/");
  const patch = found
    .map(({ path, before = "", after = "" }) =>
      createTwoFilesPatch(`${folder}/${path}`, `${folder}/${path}`, before, after, "on disk", "generated"),
    )
    .join("\n");
  call.output.answer({
    ok: found.length === 0,
    data: { ...data(project, found, false), patch },
    diagnostics: project.diagnostics,
    text: patch,
  });
  if (found.length)
    call.output.say(`dspex.gen is stale: ${found.length} file${found.length === 1 ? " differs" : "s differ"}. Run dspexc generate.`);
  return found.length ? 1 : 0;
}

function data(project: Project, found: readonly Change[], written: boolean): object {
  const signatures = project.files.reduce((count, file) => count + file.signatures.length, 0);
  return { files: project.files.length, signatures, written, changes: found.map(({ kind, path }) => ({ kind, path })) };
}

function line(project: Project, found: readonly Change[], folder: string): string {
  const signatures = project.files.reduce((count, file) => count + file.signatures.length, 0);
  const written = found.filter((change) => change.kind === "write").length;
  const deleted = found.filter((change) => change.kind === "delete").length;
  const did =
    written + deleted === 0
      ? "nothing changed"
      : [written ? `wrote ${written}` : "", deleted ? `deleted ${deleted}` : ""].filter(Boolean).join(", ");
  return `${signatures} signature${signatures === 1 ? "" : "s"} in ${project.files.length} file${project.files.length === 1 ? "" : "s"}; ${folder}: ${did}.`;
}

/** The first build of a file that needs types, as a process, beside ts-morph loading the same project and making its checker. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { type Benchmark, milliseconds, rounds, row } from "../harness.ts";
import { channelOf, checkedText, install, TSC } from "./compiler/checked.ts";

const GOAL = 1.2;
const BUILD = `import { build } from "esbuild";
import dspex from "dspex/esbuild";
const { outputFiles } = await build({
  entryPoints: ["src/index.ts"], bundle: true, format: "esm", platform: "node", write: false,
  external: ["dspex", "dspex/*"], logLevel: "error", plugins: [dspex({ cache: false })],
});
const [{ text }] = outputFiles;
if (!["abi.define", "${channelOf(0)}", "most urgent"].every((part) => text.includes(part))) throw new Error("not compiled: " + text);
`;
const TSCONFIG = {
  compilerOptions: { module: "nodenext", target: "es2024", strict: true, noEmit: true, skipLibCheck: true, types: [] },
  include: ["src"],
};

const benchmark: Benchmark = {
  name: "checker-cold",
  goal: `<= ${GOAL}x ts-morph's own load`,
  async run() {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "dspex-checker-")));
    try {
      await install(folder);
      mkdirSync(join(folder, "src"));
      writeFileSync(join(folder, "src", "index.ts"), checkedText(0));
      writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
      writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(TSCONFIG));
      writeFileSync(join(folder, "build.mjs"), BUILD);
      // `compilerObject`, because ts-morph makes the checker when it is first asked for.
      writeFileSync(
        join(folder, "load.mjs"),
        `import { Project } from ${JSON.stringify(import.meta.resolve("ts-morph"))};
const project = new Project({ tsConfigFilePath: "tsconfig.json" });
if (!project.getTypeChecker().compilerObject || project.getSourceFiles().length === 0) throw new Error("nothing was loaded");
`,
      );
      const process_ =
        (...args: readonly string[]) =>
        () =>
          milliseconds(() => execa(process.execPath, args, { cwd: folder }));
      const taken = await rounds(
        { ours: process_("build.mjs"), load: process_("load.mjs"), tsc: process_(TSC, "-p", "."), node: process_("-e", "0") },
        7,
      );
      const ratio = taken.ratio("ours", "load");
      return row(benchmark, {
        ours: taken.median("ours"),
        limit: taken.median("load"),
        peers: { tsc: taken.median("tsc") },
        ratio,
        kept: ratio <= GOAL,
        unit: "ms",
        note: `each side a process, Node's own start in it (${taken.median("node").toFixed(0)} ms); ours is esbuild's build of one file, checked to hold what the checker said; tsc is TypeScript 7's native one, which checks the file too`,
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
export default benchmark;

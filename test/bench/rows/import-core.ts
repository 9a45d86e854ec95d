/** From nothing to a module that could be called: `import "dspex"` as it is installed, in a process of its own, less an empty module's. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Benchmark, peer, rounds, row } from "../harness.ts";

const GOAL = 5;
const root = fileURLToPath(new URL("../../../", import.meta.url));

/** The process times its own import: starting Node is not ours. */
const timed = (specifier: string) =>
  `const began = performance.now();\nawait import(${JSON.stringify(specifier)});\nconsole.log(performance.now() - began);\n`;

const benchmark: Benchmark = {
  name: "import-core",
  goal: `<= ${GOAL} ms`,
  async run() {
    const folder = mkdtempSync(join(tmpdir(), "dspex-import-"));
    try {
      // Brings dist/ up to date, and does nothing where it is.
      execFileSync(process.execPath, [`${root}.ci/build.ts`], { stdio: "ignore" });
      const core = `${root}dist/index.js`;
      const ai = `${root}node_modules/ai/dist/index.js`;
      const ax = `${root}test/bench/node_modules/@ax-llm/ax/index.js`;
      const programs = { core, ai, ax, nothing: join(folder, "nothing.mjs") };
      writeFileSync(programs.nothing, "export {};\n");
      const present = { ai: true, ax: (await peer(ax)) !== null };
      const run = (name: keyof typeof programs) => {
        const file = join(folder, `time-${name}.mjs`);
        writeFileSync(file, timed(programs[name]));
        return () => Number(execFileSync(process.execPath, [file], { encoding: "utf8" }));
      };
      const skipped = () => Number.NaN;
      const taken = await rounds({ core: run("core"), nothing: run("nothing"), ai: run("ai"), ax: present.ax ? run("ax") : skipped }, 11);
      const ours = taken.median("core") - taken.median("nothing");
      const peers = { ai: taken.median("ai"), Ax: present.ax ? taken.median("ax") : null };
      return row(benchmark, { ours, limit: taken.median("nothing"), peers, ratio: ours / GOAL, kept: ours <= GOAL, unit: "ms" });
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};
export default benchmark;

/** `dspexc generate` as a process on 1,000 files with 5,000 signatures: in a fresh checkout, and again when nothing changed. */
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Benchmark, milliseconds, rounds, row } from "../harness.ts";
import { createCorpus } from "./compiler/corpus.ts";

const COMMAND = fileURLToPath(new URL("../../../compiler/cli/main.ts", import.meta.url));
const GOAL = 0.5;
const benchmark: Benchmark = {
  name: "dspexc-1000",
  goal: `warm <= ${GOAL}x cold`,
  async run() {
    const corpus = createCorpus();
    const run = (...args: readonly string[]) =>
      milliseconds(() => {
        const { status, stderr } = spawnSync(process.execPath, [COMMAND, ...args], { cwd: corpus.folder, encoding: "utf8" });
        if (status !== 0) throw new Error(`dspexc ${args.join(" ")}: exit ${status}\n${stderr}`);
      });
    const without = (...names: readonly string[]) => {
      for (const name of names) rmSync(join(corpus.folder, name), { recursive: true, force: true });
    };
    try {
      const taken = await rounds(
        {
          cold: () => {
            without(".dspex", "dspex.gen");
            return run("generate");
          },
          // What it finds on disk is of this round's cold run or of the one's before, whichever side is first.
          warm: () => run("generate"),
          check: () => run("check"),
        },
        2,
        1,
      );
      const ratio = taken.ratio("warm", "cold");
      return row(benchmark, {
        ours: taken.median("warm"),
        limit: taken.median("cold"),
        peers: { "dspexc check, warm": taken.median("check") },
        ratio,
        kept: ratio <= GOAL,
        unit: "ms",
        note: `${corpus.files.length} files; Node's start and the sources' own loading are in it; cold ${taken.median("cold").toFixed(0)} ms, warm ${taken.median("warm").toFixed(0)} ms`,
      });
    } finally {
      corpus.remove();
    }
  },
};
export default benchmark;

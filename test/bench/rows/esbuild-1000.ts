/** A whole build of 1,000 files with 5,000 signatures, beside the same build whose plugin has our output in memory already. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import dspex from "../../../compiler/6-bundle/esbuild.ts";
import { type Benchmark, milliseconds, rounds, row } from "../harness.ts";
import { createCorpus } from "./compiler/corpus.ts";
import { memory, optionsFor, outputsOf, reading } from "./compiler/plugins.ts";

const GOAL = 1.25;
const benchmark: Benchmark = {
  name: "esbuild-1000",
  goal: `<= ${GOAL}x a plugin that returns the same output from memory`,
  async run() {
    const corpus = createCorpus();
    try {
      const outputs = await outputsOf(dspex({ cache: false }), corpus);
      const side = (plugins: () => Parameters<typeof optionsFor>[1]) => () => milliseconds(() => build(optionsFor(corpus, plugins())));
      const ours = side(() => [dspex()]);
      const forgotten = () => rmSync(join(corpus.folder, ".dspex"), { recursive: true, force: true });
      // A plugin object is made anew for each build: what is known from the one before comes from the disk.
      const taken = await rounds(
        {
          // The first build of a fresh checkout: everything is compiled, and the cache written.
          cold: () => {
            forgotten();
            return ours();
          },
          memory: side(() => [memory(outputs)]),
          // Every build but the first. The cache is there whichever way round the sides are run: `cold` leaves it too.
          warm: ours,
          plain: side(() => []),
          reading: side(() => [reading]),
        },
        7,
        2,
      );
      const ratio = taken.ratio("warm", "memory");
      const cold = taken.ratio("cold", "memory");
      const peers = {
        "first build, no cache": taken.median("cold"),
        "plain esbuild": taken.median("plain"),
        "reading plugin": taken.median("reading"),
      };
      return row(benchmark, {
        ours: taken.median("warm"),
        limit: taken.median("memory"),
        peers,
        ratio,
        kept: ratio <= GOAL,
        unit: "ms",
        note: `${corpus.files.length} files, ${corpus.files.length * 5} signatures, no source map; judged warm (${ratio.toFixed(2)}x), as every build but the first is; the first, cold, takes ${cold.toFixed(2)}x`,
      });
    } finally {
      corpus.remove();
    }
  },
};
export default benchmark;

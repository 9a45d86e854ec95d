/** A whole build of 1,000 files with 5,000 signatures, beside the same build whose plugin has our output in memory already. */
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
      const outputs = await outputsOf(dspex(), corpus);
      const side = (plugins: Parameters<typeof optionsFor>[1]) => () => milliseconds(() => build(optionsFor(corpus, plugins)));
      // A plugin object is made anew for each build: nothing is remembered from the one before.
      const taken = await rounds(
        { ours: () => side([dspex()])(), memory: side([memory(outputs)]), plain: side([]), reading: side([reading]) },
        7,
        2,
      );
      const ratio = taken.ratio("ours", "memory");
      const peers = { "plain esbuild": taken.median("plain"), "reading plugin": taken.median("reading") };
      return row(benchmark, {
        ours: taken.median("ours"),
        limit: taken.median("memory"),
        peers,
        ratio,
        kept: ratio <= GOAL,
        unit: "ms",
        note: `${corpus.files.length} files, ${corpus.files.length * 5} signatures, no source map`,
      });
    } finally {
      corpus.remove();
    }
  },
};
export default benchmark;

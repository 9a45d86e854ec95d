/** One of 1,000 files changes and esbuild builds again, beside the same rebuild whose plugin has our output in memory. */
import { readFileSync, writeFileSync } from "node:fs";
import { context } from "esbuild";
import dspex from "../../../compiler/6-bundle/esbuild.ts";
import { type Benchmark, median, milliseconds, rounds, row } from "../harness.ts";
import { createCorpus } from "./compiler/corpus.ts";
import { memory, optionsFor, outputsOf, reading } from "./compiler/plugins.ts";

const GOAL = 15;
const benchmark: Benchmark = {
  name: "rebuild-one",
  goal: `<= ${GOAL} ms above a plugin that returns the same output from memory`,
  async run() {
    const corpus = createCorpus();
    const outputs = new Map(await outputsOf(dspex({ cache: false }), corpus));
    const contexts = {
      ours: await context(optionsFor(corpus, [dspex()])),
      memory: await context(optionsFor(corpus, [memory(outputs)])),
      plain: await context(optionsFor(corpus, [])),
      reading: await context(optionsFor(corpus, [reading])),
    };
    try {
      let edit = 0;
      const side = (name: keyof typeof contexts) => async () => {
        const path = corpus.files[edit++ % corpus.files.length]!;
        writeFileSync(path, `${readFileSync(path, "utf8")}\n// ${edit}\n`);
        outputs.set(path, `${outputs.get(path)!}\n// ${edit}\n`);
        return milliseconds(() => contexts[name].rebuild());
      };
      const taken = await rounds({ ours: side("ours"), memory: side("memory"), plain: side("plain"), reading: side("reading") }, 15, 3);
      const above = median(taken.figures.ours.map((figure, round) => figure - taken.figures.memory[round]!));
      const peers = { "plain esbuild": taken.median("plain"), "reading plugin": taken.median("reading") };
      return row(benchmark, {
        ours: taken.median("ours"),
        limit: taken.median("memory"),
        peers,
        ratio: above / GOAL,
        kept: above <= GOAL,
        unit: "ms",
        note: `${above.toFixed(1)} ms above; the changed file is compiled, so the cache on disk has no part in it`,
      });
    } finally {
      for (const made of Object.values(contexts)) await made.dispose();
      corpus.remove();
    }
  },
};
export default benchmark;

/**
 * What a trivial predict weighs, bundled and minified: the chunk that loads at once; as one file without what it does not
 * use; and, in the note, everything it can come to need in one file. The budgets stand in the tests as well.
 */
import { gzipSync } from "node:zlib";
import { bundled, trimmed, trivial } from "../../runtime/everywhere/bundle.ts";
import { type Benchmark, row } from "../harness.ts";

const FIRST = 8 * 1024;
const WHOLE = 20 * 1024;
const peers = {
  Ax: `import { ax } from "@ax-llm/ax"; globalThis.answer = ax("question:string -> answer:string");`,
  ai: `import { generateText } from "ai"; globalThis.answer = generateText({ model: globalThis.model, prompt: "?" });`,
};

async function whole(source: string, folder?: string): Promise<number | null> {
  try {
    const { files } = await bundled(source, { splitting: false, ...(folder && { nodePaths: [folder] }) });
    return gzipSync([...files.values()][0]!, { level: 9 }).length;
  } catch {
    return null;
  }
}

const benchmark: Benchmark = {
  name: "core-bundle",
  goal: "<= 8 kB gzip first chunk, <= 20 kB as one file without what it does not use",
  async run() {
    const { first } = await bundled(trivial);
    const small = (await trimmed(trivial)).first.gzip;
    const one = (await whole(trivial))!;
    const figures = { Ax: await whole(peers.Ax, "test/bench/node_modules"), ai: await whole(peers.ai) };
    return row(benchmark, {
      ours: first.gzip,
      peers: figures,
      ratio: first.gzip / FIRST,
      kept: first.gzip <= FIRST && small <= WHOLE,
      unit: "bytes",
      note: `as one file ${small} without what it does not use (the plugin's \`without\`), ${one} with every adapter, type and repair that an answer can come to need`,
    });
  },
};
export default benchmark;

/** What the esbuild rows measure beside our plugin: none, one that only reads, one that hands out our output from memory. */
import { readFile } from "node:fs/promises";
import type { BuildOptions, Plugin } from "esbuild";
import type { Corpus } from "./corpus.ts";

export function optionsFor(corpus: Corpus, plugins: Plugin[]): BuildOptions {
  return {
    absWorkingDir: corpus.folder,
    entryPoints: [corpus.entry],
    bundle: true,
    format: "esm",
    platform: "node",
    write: false,
    external: ["dspex", "dspex/*"],
    sourcemap: false,
    logLevel: "silent",
    plugins,
  };
}

export const reading: Plugin = {
  name: "reading",
  setup(build) {
    build.onLoad({ filter: /\.ts$/ }, async ({ path }) => ({ contents: await readFile(path, "utf8"), loader: "ts" }));
  },
};

/** `outputs` holds what our plugin makes of each path. */
export function memory(outputs: ReadonlyMap<string, string>): Plugin {
  return {
    name: "memory",
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, ({ path }) => (outputs.has(path) ? { contents: outputs.get(path)!, loader: "ts" } : undefined));
    },
  };
}

/** Runs our plugin's own loader over every file, and keeps what it returns. */
export async function outputsOf(plugin: Plugin, corpus: Corpus): Promise<ReadonlyMap<string, string>> {
  type Load = (args: { path: string }) => Promise<{ contents?: string | Uint8Array } | undefined>;
  let load: Load | undefined;
  await plugin.setup({
    initialOptions: { absWorkingDir: corpus.folder },
    onLoad(_: unknown, run: Load) {
      load = run;
    },
    onStart() {},
    onEnd() {},
    onDispose() {},
  } as never);
  const outputs = new Map<string, string>();
  for (const path of corpus.files) {
    const made = await load!({ path });
    const text = Buffer.from(made?.contents ?? "").toString();
    if (!text.includes("abi.define")) throw new Error(`${path} was not compiled`);
    outputs.set(path, text);
  }
  return outputs;
}

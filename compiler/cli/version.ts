/** `dspexc --version`: the package, the DSPy it is equal to, the abi of what it generates, the Node it runs on. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ABI } from "../4-ir/lower.ts";

/** The DSPy whose prompts and parsers are reproduced. */
export const DSPY = "3.4.1";

export async function printVersion(json: boolean): Promise<number> {
  const data = { dspex: packageVersion(), dspy: DSPY, abi: ABI, node: process.versions.node };
  const text = `dspex ${data.dspex} (DSPy ${DSPY}, abi ${ABI}, node ${data.node})`;
  process.stdout.write(`${json ? JSON.stringify({ schema: 1, ok: true, data, diagnostics: [] }) : text}\n`);
  return 0;
}

/** From the nearest package.json upwards: this file runs from the sources and from a chunk of dist. */
function packageVersion(): string {
  for (let at = dirname(fileURLToPath(import.meta.url)); ; at = dirname(at)) {
    const manifest = join(at, "package.json");
    if (existsSync(manifest)) return (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version;
    if (dirname(at) === at) return "unknown";
  }
}

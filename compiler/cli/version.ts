/** `dspexc --version`: the package, the DSPy it is equal to, the abi of what it generates, the Node it runs on. */
import { readFileSync } from "node:fs";
import { ABI } from "../4-ir/lower.ts";

/** The DSPy whose prompts and parsers are reproduced. */
export const DSPY = "3.4.1";

export async function printVersion(json: boolean): Promise<number> {
  const { version } = JSON.parse(
    readFileSync(new URL(import.meta.url.endsWith(".ts") ? "../../package.json" : "../package.json", import.meta.url), "utf8"),
  ) as { version: string };
  const data = { dspex: version, dspy: DSPY, abi: ABI, node: process.versions.node };
  process.stdout.write(
    json
      ? `${JSON.stringify({ schema: 1, ok: true, data, diagnostics: [] })}\n`
      : `dspex ${version} (DSPy ${DSPY}, abi ${ABI}, node ${data.node})\n`,
  );
  return 0;
}

/**
 * From text to syntax tree, warmed, over the signatures public code holds: the rows of the conformance corpus that DSPy
 * accepts, in turn, so that no side answers from a cache of one text. Ax reads those of them that are Ax signatures too.
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "../../../compiler/2-parse/parse.ts";
import { environmentPlaces, projectDir } from "../../../runtime/python/env/places.ts";
import { type Benchmark, peer, perCall, row } from "../harness.ts";

const GOAL = 4;
const WARM_UP = 100_000;
const corpus = new URL("../../conformance/rows/signatures.jsonl", import.meta.url);

interface Ax {
  readonly AxSignature: { create(text: string): unknown };
}

function texts(): string[] {
  const rows = readFileSync(corpus, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { signature: string; ok: boolean; source: string });
  return rows.filter(({ ok, source }) => ok && source !== "synthetic").map(({ signature }) => signature);
}

/** One text a call, round and round. */
function turns<T>(all: readonly T[], call: (text: T) => unknown): () => unknown {
  let at = 0;
  return () => call(all[at++ % all.length]!);
}

const accepts = (call: () => unknown): boolean => {
  try {
    call();
    return true;
  } catch {
    return false;
  }
};

async function dspy(all: readonly string[]): Promise<number | null> {
  const script = fileURLToPath(new URL("compiler/dspy_parse.py", import.meta.url));
  const child = spawn(environmentPlaces(projectDir()).interpreter, [script], {
    stdio: ["pipe", "pipe", "ignore"],
    env: { ...process.env, PYTHONUTF8: "1", LITELLM_LOCAL_MODEL_COST_MAP: "True" },
  });
  child.on("error", () => {});
  child.stdin.on("error", () => {});
  child.stdin.end(all.map((text) => `${JSON.stringify(text)}\n`).join(""));
  let text = "";
  child.stdout.on("data", (data) => (text += data));
  const code = await new Promise((resolve) => child.on("error", () => resolve(1)).on("close", resolve));
  return code === 0 ? Number(text) : null;
}

const benchmark: Benchmark = {
  name: "signature-parse",
  goal: `<= ${GOAL} us`,
  async run() {
    const all = texts();
    const ax = await peer<Ax>("@ax-llm/ax");
    const axTexts = ax ? all.filter((text) => accepts(() => ax.AxSignature.create(text))) : [];
    const silent = () => {};
    const sides = {
      ours: turns(all, (text) => parse(text, silent)),
      ax: turns(axTexts.length ? axTexts : [""], (text) => (axTexts.length ? ax!.AxSignature.create(text) : undefined)),
    };
    // A parser of many small functions is compiled late: a build of a thousand files is warm, a batch of milliseconds is not.
    for (const side of Object.values(sides)) for (let i = 0; i < WARM_UP; i++) side();
    const taken = await perCall(sides);
    const ours = taken.median("ours");
    const characters = Math.round(all.reduce((sum, text) => sum + text.length, 0) / all.length);
    return row(benchmark, {
      ours,
      peers: { dspy: await dspy(all), ax: axTexts.length ? taken.median("ax") : null },
      ratio: ours / GOAL,
      kept: ours <= GOAL,
      unit: "us",
      note: `${all.length} texts of public code, ${characters} characters each; Ax accepts ${axTexts.length} of them`,
    });
  },
};
export default benchmark;

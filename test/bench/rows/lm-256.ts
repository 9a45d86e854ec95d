/**
 * 256 at a time against a local server. Like is measured with like: the client's completions beside the bare pool posting
 * the same bytes, whole predicts (render, send, parse, validate) beside DSPy's.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Pool } from "undici";
import type { LMRequest } from "../../../runtime/lm/lm.ts";
import { resolveLM } from "../../../runtime/lm/resolve.ts";
import { predict } from "../../../runtime/modules/predict.ts";
import { environmentPlaces, projectDir } from "../../../runtime/python/env/places.ts";
import { type Benchmark, rounds, row } from "../harness.ts";
import { Answering } from "./lm/signature.ts";

const CONCURRENCY = 256;
const CALLS = 4_096;
const DSPY_CALLS = 512;
const inputs = { question: "What is the capital of France?", context: "France is a country in Europe." };
const here = fileURLToPath(new URL("lm/", import.meta.url));

async function server(): Promise<{ baseURL: string; close(): void }> {
  const child = spawn(process.execPath, [`${here}server.ts`], { stdio: ["pipe", "pipe", "inherit"] });
  const [port] = (await once(createInterface(child.stdout), "line")) as [string];
  return { baseURL: `http://127.0.0.1:${port}/v1`, close: () => child.stdin.end() };
}

/** `CALLS` of `call`, 256 under way: calls a second. */
async function throughput(call: () => Promise<unknown>): Promise<number> {
  let left = CALLS;
  const began = performance.now();
  const worker = async () => {
    while (left-- > 0) await call();
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return (CALLS * 1000) / (performance.now() - began);
}

/** DSPy's own figure, or null where there is no environment with it. */
async function dspy(baseURL: string, how: "threads" | "acall"): Promise<number | null> {
  const python = environmentPlaces(projectDir()).interpreter;
  const env = { ...process.env, LITELLM_LOCAL_MODEL_COST_MAP: "True", PYTHONUTF8: "1" };
  const child = spawn(python, [`${here}dspy_client.py`, baseURL, String(DSPY_CALLS), String(CONCURRENCY), how], {
    env,
    stdio: ["ignore", "pipe", "ignore"],
  });
  let text = "";
  child.stdout.on("data", (data) => (text += data));
  const code = await new Promise((resolve) => child.on("error", () => resolve(1)).on("close", resolve));
  return code === 0 ? Number(text) : null;
}

const benchmark: Benchmark = {
  name: "lm-256",
  goal: ">= 7x DSPy's calls/s, >= 0.85x the bare client's",
  async run() {
    const { baseURL, close } = await server();
    try {
      const lm = await resolveLM({ model: "bench", baseURL });
      const module = predict(Answering, { lm });
      let body = "";
      const complete: typeof lm.complete = (request) => {
        body = JSON.stringify({ model: "bench", messages: request.messages });
        return lm.complete(request);
      };
      await module(inputs, { lm: { ...lm, complete } });
      const { origin, pathname } = new URL(`${baseURL}/chat/completions`);
      const pool = new Pool(origin);
      const bare = async () =>
        JSON.parse(
          await (await pool.request({ path: pathname, method: "POST", headers: { "content-type": "application/json" }, body })).body.text(),
        );
      const { messages } = JSON.parse(body) as { messages: LMRequest["messages"] };
      const sides = {
        client: () => throughput(() => lm.complete({ messages, config: {} })),
        predicts: () => throughput(() => module(inputs)),
        bare: () => throughput(bare),
      };
      const taken = await rounds(sides, 7, 4);
      await Promise.all([pool.close(), lm.close?.()]);
      const peers = { "DSPy threads": await dspy(baseURL, "threads"), "DSPy acall": await dspy(baseURL, "acall") };
      const ratio = taken.ratio("client", "bare");
      const predicts = taken.median("predicts");
      const faster = predicts / Math.max(peers["DSPy threads"] ?? 0, peers["DSPy acall"] ?? 0);
      const note = `whole predicts: ${predicts.toFixed(0)}/s, ${faster.toPrecision(3)}x DSPy's`;
      return row(benchmark, {
        ours: taken.median("client"),
        limit: taken.median("bare"),
        peers,
        ratio,
        kept: ratio >= 0.85 && faster >= 7,
        unit: "calls/s",
        note,
      });
    } finally {
      close();
    }
  },
};
export default benchmark;

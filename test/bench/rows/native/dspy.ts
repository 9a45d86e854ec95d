/** DSPy's own figure of the same work, in microseconds, or null where there is no environment with it. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { environmentPlaces, projectDir } from "../../../../runtime/python/env/places.ts";
import { completion, inputs } from "./program.ts";

export async function dspy(what: "render" | "parse" | "cot"): Promise<number | null> {
  const script = fileURLToPath(new URL("dspy_native.py", import.meta.url));
  const child = spawn(environmentPlaces(projectDir()).interpreter, [script, what, JSON.stringify({ inputs, completion })], {
    env: { ...process.env, LITELLM_LOCAL_MODEL_COST_MAP: "True", PYTHONUTF8: "1" },
    stdio: ["ignore", "pipe", "ignore"],
  });
  let text = "";
  child.stdout.on("data", (data) => {
    text += data;
  });
  const code = await new Promise((resolve) => child.on("error", () => resolve(1)).on("close", resolve));
  return code === 0 ? Number(text) : null;
}

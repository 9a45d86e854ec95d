/** One process of the embedded model: `python/dspex_worker/local_server.py`, from its start to its end. */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { execa } from "execa";
import { CancelledError } from "../../ended.ts";
import { ConfigurationError, type DspexError } from "../../errors.ts";
import { findPython } from "../../python/env/find.ts";
import { readMarker } from "../../python/env/marker.ts";
import { packagePython, projectDir } from "../../python/env/places.ts";
import { StderrTail } from "../../python/stderr.ts";
import { endpointLM } from "../endpoint.ts";
import type { LM, LMSupports } from "../lm.ts";
import { LMError } from "../lm-error.ts";
import { steady } from "./steady.ts";

export interface ServerSettings {
  /** What the server calls its model. */
  readonly name: string;
  readonly context: number;
  readonly parallel: number;
  readonly maxTokens: number;
  /** Milliseconds. */
  readonly startTimeout: number;
  readonly model: string | undefined;
  readonly threads: number | undefined;
  readonly projectDir: string | undefined;
  readonly interpreter: string | undefined;
}

export interface Launched {
  /** Its client, once it answers. */
  readonly client: Promise<LM>;
  readonly ended: boolean;
  /** At any moment, any number of times; resolves when the process is gone. */
  stop(): Promise<void>;
}

/** llama.cpp constrains decoding by a JSON Schema, so these hold for any model it runs. */
export const SUPPORTS: LMSupports = { responseFormat: true, responseSchema: true };

/** What it gets to end by itself. */
const GRACE = 2000;
/** `-I` keeps PYTHONPATH and the user's own packages out. */
const BOOT = "import sys, runpy; sys.path.insert(0, sys.argv.pop(1)); runpy.run_module('dspex_worker.local_server', run_name='__main__')";

export async function launch(settings: ServerSettings): Promise<Launched> {
  checkSettings(settings);
  const project = settings.projectDir ?? projectDir();
  const python = await pythonFor(project, settings.interpreter);
  const key = randomBytes(24).toString("hex");
  const child = execa(python, ["-I", "-X", "utf8", "-c", BOOT, packagePython()], {
    reject: false,
    buffer: false,
    stdin: "pipe",
    stdout: "pipe",
    stderr: "pipe",
    // Ctrl-C in the terminal is for this process to answer; the end of stdin then ends the server.
    detached: true,
    extendEnv: false,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, LANG: "C.UTF-8", PYTHONDONTWRITEBYTECODE: "1" },
  });
  const tail = new StderrTail(child.stderr);
  const answer = new Promise<Answer>((resolve) => {
    createInterface(child.stdout)
      .on("line", (line) => resolve(answerIn(line)))
      .on("close", () => resolve({}));
  });
  const { name: model, parallel, context, maxTokens, threads, startTimeout } = settings;
  child.stdin.on("error", () => {});
  child.stdin.write(
    `${JSON.stringify({
      ...{ parent: process.pid, name: model, key, context, threads, model: settings.model },
      ...{ models: join(project, ".dspex", "models"), slots: parallel, max_tokens: maxTokens },
    })}\n`,
  );

  let ended = false;
  let closed = false;
  let client: LM | undefined;
  const end = child.then((result) => {
    ended = true;
    return result;
  });
  const finish = async (): Promise<Awaited<typeof end>> => {
    child.stdin.end();
    const timer = setTimeout(() => child.kill("SIGKILL"), GRACE);
    const result = await end;
    clearTimeout(timer);
    return result;
  };

  async function ready(): Promise<LM> {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill("SIGKILL");
    }, startTimeout);
    const { address, missing, failed } = await answer;
    clearTimeout(timer);
    if (address === undefined || closed) {
      const { signal, exitCode } = await finish();
      await tail.ended;
      if (closed) throw new CancelledError("The embedded model was closed while it was starting.");
      if (missing !== undefined) throw packageMissing(python, missing);
      if (failed !== undefined) throw startFailure(failed, tail, "Check the model's file and the context's size.");
      throw startFailure(late ? `did not answer within ${startTimeout / 1000} s` : `ended with ${signal ?? `exit code ${exitCode}`}`, tail);
    }
    // An idle server holds nobody's process open; a request under way does, by its own connection.
    for (const handle of [child.nodeChildProcess, child.stdin, child.stdout, child.stderr] as unknown as { unref?(): void }[])
      handle.unref?.();
    const endpoint = endpointLM({ model, baseURL: `${address}/v1`, apiKey: key, supports: SUPPORTS, concurrency: parallel });
    // Requests in one batch are summed in another order anyway; only one at a time can be held steady.
    client = parallel === 1 ? steady(endpoint) : endpoint;
    return client;
  }

  return {
    client: ready(),
    get ended() {
      return ended;
    },
    async stop() {
      closed = true;
      await client?.close?.();
      await finish();
    },
  };
}

/** What would fail deep inside the server is refused here, by its name. */
function checkSettings({ model, ...settings }: ServerSettings): void {
  for (const name of ["context", "parallel", "maxTokens", "threads"] as const) {
    const value = settings[name];
    if (value === undefined || (Number.isInteger(value) && value > 0)) continue;
    throw invalid(name, "a whole number from 1 up", String(value));
  }
  if (model !== undefined && !existsSync(model)) throw invalid("model", "a GGUF file", `${model}, which is not there`);
}

function invalid(name: string, expected: string, actual: string): ConfigurationError {
  const message = `local()'s ${name} is ${actual}; ${expected} is expected.`;
  return new ConfigurationError("config_invalid", message, { configKey: `local.${name}`, expected, actual });
}

/** The project's environment where it has the extra; else whatever Python is configured, which may have the packages itself. */
async function pythonFor(project: string, interpreter: string | undefined): Promise<string> {
  const marker = readMarker(project);
  if (!interpreter && marker?.locks.local) return marker.executable;
  return (await findPython({ projectDir: project, ...(interpreter ? { interpreter } : {}) })).executable;
}

interface Answer {
  readonly address?: string;
  readonly missing?: string;
  readonly failed?: string;
}

/** Its one line; anything else in its place is no answer. */
function answerIn(line: string): Answer {
  try {
    return (JSON.parse(line) ?? {}) as Answer;
  } catch {
    return {};
  }
}

function packageMissing(python: string, name: string): DspexError {
  return new ConfigurationError("python_missing", `local() needs the Python package ${name}, which ${python} does not have.`, {
    configKey: "lm",
    expected: name,
    actual: "not installed",
    remedy: "Run `npx dspexc python sync --extra local`.",
  });
}

function startFailure(what: string, tail: StderrTail, remedy = "Run `npx dspexc doctor`."): DspexError {
  const lastWords = tail.text();
  return new LMError("transport", `The embedded model's server ${what}.${lastWords ? ` Its last words:\n${lastWords}\n` : ""}`, {
    endpoint: "local",
    remedy,
  });
}

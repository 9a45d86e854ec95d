/** The Python route: a program's description, its inputs and its LM go to a pool; DSPy runs it there, for real. */
import { PoolError, ToolError } from "../errors.ts";
import type { LM, LMConfig, LMRequest, LMResponse } from "../lm/lm.ts";
import type { AdapterName, Engine, EngineCall, EngineEvent, EngineResult, Exchange, Program, ProgramKind } from "../router/engine.ts";
import { specOf } from "../signature.ts";
import type { Call } from "./call.ts";
import { failureOf } from "./failure.ts";
import { inputsFor, unserialisable } from "./inputs.ts";
import { outputsOf, type PredictionBody } from "./outputs.ts";
import type { WorkerPool } from "./pool.ts";
import { closePools, poolFor } from "./pools.ts";
import { describeProgram, describeTool } from "./program.ts";
import { pack, toWire } from "./wire/codec.ts";
import type { CallbackBody } from "./wire/messages.ts";
import type { Worker } from "./worker.ts";

/** Modules with `aforward`: the others have no `acall` and need a worker alone (dspy-semantics 4.1). */
const ASYNC: ReadonlySet<ProgramKind> = new Set(["predict", "chainOfThought", "react"]);
const KINDS: ReadonlySet<ProgramKind> = new Set([
  "predict",
  "chainOfThought",
  "react",
  "programOfThought",
  "codeAct",
  "refine",
  "bestOfN",
  "multiChainComparison",
  "rlm",
  "module",
]);

export const pythonEngine: Engine = {
  route: "python",
  canExecute(program: Program, _adapter: AdapterName): true | string {
    if (process.platform === "win32") return "Python pools do not run on Windows; the native route does.";
    return KINDS.has(program.kind) || `Python has no ${program.kind}.`;
  },
  execute,
  stream(call: EngineCall): AsyncIterable<EngineEvent> {
    return whole(call);
  },
  close: closePools,
};

async function execute(call: EngineCall): Promise<EngineResult> {
  const pool = poolFor(call.pool, { long: false });
  const run = new ProgramRun(call, pool);
  const { value, worker } = await run.execute();
  return {
    ...outputsOf(value, call.program.signature),
    exchanges: run.exchanges,
    pool: pool.profile.name,
    ...(worker === undefined ? {} : { worker }),
  };
}

async function* whole(call: EngineCall): AsyncGenerator<EngineEvent, void, undefined> {
  yield { type: "done", result: await execute(call) };
}

/** One program in one pool: what is sent, what it asks, what its failures mean. */
class ProgramRun {
  readonly exchanges: Exchange[] = [];
  readonly #call: EngineCall;
  readonly #pool: WorkerPool;
  /** Errors of the host's own that Python may hand back: the user sees the original. */
  readonly #thrown: { message: string; error: Error }[] = [];

  constructor(call: EngineCall, pool: WorkerPool) {
    this.#call = call;
    this.#pool = pool;
  }

  async execute(): Promise<{ value: PredictionBody; worker: number | undefined }> {
    const { program, inputs, lm, adapter, config, deadline, signal, idempotent, trace } = this.#call;
    const { hash, spec } = describeProgram(program);
    const exclusive = !ASYNC.has(program.kind) || this.#pool.profile.lane === "exclusive";
    let args: unknown;
    try {
      args = toWire({
        hash,
        adapter,
        config: wireConfig(config),
        supports: lm.supports,
        trace: trace ?? false,
        inputs: inputsFor(specOf(program.signature).inputs, inputs),
        ...(program.tools.length > 0 ? { tools: program.tools.map(describeTool) } : {}),
      });
    } catch (error) {
      throw unserialisable(error);
    }
    const plain = pack({ op: "program", args, exclusive });
    for (let attempt = 0; ; attempt++) {
      const submitted: Call = this.#pool.submit(
        {
          op: "program",
          body: (worker: Worker) => {
            if (worker.known.has(hash)) return plain;
            worker.known.add(hash);
            return pack({ op: "program", args: { ...(args as object), program: spec }, exclusive });
          },
          exclusive,
          stream: false,
          idempotent,
          deadline,
          signal,
          grace: this.#pool.profile.killGrace,
          callback: (asked, at, emit) => this.#answer(asked, at, emit),
          onFailure: (body) => {
            if (body.kind === "unknown_program") return new ForgottenProgram();
            return this.#original(body.message) ?? failureOf(body, submitted.worker!.pid, this.#pool.profile.name);
          },
        },
        plain.length,
      );
      try {
        const value = (await submitted.promise) as PredictionBody;
        return { value, worker: submitted.worker?.pid };
      } catch (error) {
        // The worker has dropped it from its cache: one more try carries the description again.
        if (!(error instanceof ForgottenProgram) || attempt > 0) throw error;
        submitted.worker?.known.delete(hash);
      }
    }
  }

  /** An LM's or a tool's own error, where the failure that came back carries its text. */
  #original(message: string): Error | undefined {
    return this.#thrown.findLast((thrown) => thrown.message !== "" && message.includes(thrown.message))?.error;
  }

  async #answer(asked: CallbackBody, at: Call, emit: (chunk: unknown) => void): Promise<unknown> {
    try {
      if (asked.kind === "lm") return await this.#complete(asked.name === "stream", asked.args as WireRequest, at, emit);
      if (asked.kind === "tool") return await this.#tool(asked.name, asked.args, at);
      throw new PoolError("call_closed", `Nothing at the host answers a ${asked.kind}.`);
    } catch (error) {
      if (error instanceof Error) this.#thrown.push({ message: error.message, error });
      throw error;
    }
  }

  async #complete(streaming: boolean, asked: WireRequest, at: Call, emit: (chunk: unknown) => void): Promise<unknown> {
    const { lm, config, deadline, retries } = this.#call;
    const { extra: theirs, ...said } = asked.config;
    const extra = { ...config.extra, ...theirs };
    const request: LMRequest = {
      messages: asked.messages,
      config: { ...said, ...(Object.keys(extra).length > 0 ? { extra } : {}) },
      ...(asked.responseFormat === undefined ? {} : { responseFormat: asked.responseFormat }),
      ...(asked.tools === undefined ? {} : { tools: asked.tools }),
      signal: at.abort.signal,
      retries,
      ...(Number.isFinite(deadline) ? { deadline } : {}),
    };
    const exchange: { -readonly [K in keyof Exchange]: Exchange[K] } = { messages: request.messages };
    this.exchanges.push(exchange);
    try {
      const response = streaming && lm.stream ? await relay(lm, request, emit) : await lm.complete(request);
      if (streaming && !lm.stream) emit({ text: response.choices[0]?.text ?? "" });
      exchange.response = response;
      if (response.usage) exchange.usage = response.usage;
      if (response.model !== undefined) exchange.model = response.model;
      return {
        choices: response.choices.slice(0, 1),
        model: response.model ?? lm.model,
        ...(response.usage ? { usage: response.usage } : {}),
      };
    } catch (error) {
      exchange.failed = error instanceof Error ? error.message : String(error);
      throw error;
    }
  }

  async #tool(name: string, args: unknown, at: Call): Promise<unknown> {
    const tool = this.#call.program.tools.find((candidate) => candidate.name === name);
    if (!tool) throw new ToolError(`There is no tool ${name}.`, { tool: name });
    const result: unknown = await tool.run(args, { signal: at.abort.signal });
    return result;
  }
}

interface WireRequest {
  readonly messages: LMRequest["messages"];
  readonly config: LMConfig;
  readonly responseFormat?: unknown;
  readonly tools?: readonly unknown[];
}

/** Not an error of the user's: the next attempt sends the description. */
class ForgottenProgram extends Error {}

/** `extra` stays here: it is merged into the request at the host, and Python's request has no place for it. */
function wireConfig({ extra: _, ...config }: LMConfig): LMConfig {
  return config;
}

async function relay(lm: LM, request: LMRequest, emit: (chunk: unknown) => void): Promise<LMResponse> {
  let text = "";
  let last: { finishReason?: string; usage?: LMResponse["usage"]; model?: string } = {};
  for await (const chunk of lm.stream!(request)) {
    text += chunk.text;
    last = { ...last, ...chunk };
    emit(chunk);
  }
  return {
    choices: [{ text, ...(last.finishReason === undefined ? {} : { finishReason: last.finishReason }) }],
    ...(last.usage ? { usage: last.usage } : {}),
    ...(last.model === undefined ? {} : { model: last.model }),
  };
}

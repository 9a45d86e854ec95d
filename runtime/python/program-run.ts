/** One program in one pool: what is sent, on which lane, what it asks of the host, and what its failures mean. */
import { PoolError, ToolError } from "../errors.ts";
import type { LMConfig } from "../lm/lm.ts";
import type { EngineCall, EngineResult, ProgramKind } from "../router/engine.ts";
import { specOf } from "../signature.ts";
import type { Call, CallRequest } from "./call.ts";
import { failureOf } from "./failure.ts";
import { HostLM, type LMQuestion } from "./host-lm.ts";
import { inputsFor, unserialisable } from "./inputs.ts";
import { outputsOf, type PredictionBody, plain } from "./outputs.ts";
import type { WorkerPool } from "./pool.ts";
import { type DescribedProgram, describeProgram } from "./program.ts";
import { readStream } from "./stream.ts";
import { pack, toWire } from "./wire/codec.ts";
import type { CallbackBody, ErrorBody } from "./wire/messages.ts";
import type { Worker } from "./worker.ts";

/** Modules with `aforward`: the others have no `acall` and need a worker alone (dspy-semantics 4.1). A user's own may. */
const ASYNC: ReadonlySet<ProgramKind> = new Set(["predict", "chainOfThought", "react", "module"]);

/** Programs that turned out to block: user modules without an asynchronous side. */
const blocking = new Set<string>();

export class ProgramRun {
  readonly #call: EngineCall;
  readonly #pool: WorkerPool;
  readonly #lm: HostLM;
  readonly #program: DescribedProgram;
  #worker: number | undefined;
  /** Errors of the host's own that Python may hand back: the user sees the original. */
  readonly #thrown: Error[] = [];

  constructor(call: EngineCall, pool: WorkerPool) {
    this.#call = call;
    this.#pool = pool;
    this.#lm = new HostLM(call);
    this.#program = describeProgram(call.program);
  }

  async execute(): Promise<unknown> {
    for (;;) {
      const { request, size } = this.#request(false);
      const submitted: Call = this.#pool.submit(request, size);
      try {
        return await submitted.promise;
      } catch (error) {
        if (!this.#again(error, submitted.worker)) throw error;
      }
    }
  }

  /** The chunks of its stream; nothing has been shown when it has to start again. */
  async *stream(): AsyncGenerator<unknown, void, undefined> {
    for (;;) {
      let worker: Worker | undefined;
      try {
        yield* readStream(this.#pool, (onChunk) => this.#request(true, { onChunk, onAssign: (taken) => (worker = taken) }));
        return;
      } catch (error) {
        if (!this.#again(error, worker)) throw error;
      }
    }
  }

  result(made: Pick<EngineResult, "outputs" | "completions">): EngineResult {
    return {
      ...made,
      exchanges: this.#lm.exchanges,
      pool: this.#pool.profile.name,
      ...(this.#worker === undefined ? {} : { worker: this.#worker }),
    };
  }

  #again(error: unknown, worker: Worker | undefined): boolean {
    if (error instanceof Forgotten) worker?.known.delete(this.#program.hash);
    else if (error instanceof Blocks) blocking.add(this.#program.hash);
    else return false;
    return true;
  }

  #request(stream: boolean, more: Partial<CallRequest> = {}): { request: CallRequest; size: number } {
    const { program, deadline, signal, idempotent } = this.#call;
    const { hash, spec } = this.#program;
    const exclusive = !ASYNC.has(program.kind) || this.#pool.profile.lane === "exclusive" || blocking.has(hash);
    const args = this.#arguments();
    const message = { op: "program", args, exclusive, stream };
    const known = pack(message);
    let described = false;
    const request: CallRequest = {
      op: "program",
      exclusive,
      stream,
      idempotent,
      deadline,
      signal,
      grace: this.#pool.profile.killGrace,
      identity: () => known,
      callback: (asked, at, emit) => this.#answer(asked, at, emit),
      onFailure: (body) => this.#failure(body, exclusive, described),
      ...more,
      body: (worker) => {
        this.#worker = worker.pid;
        this.#lm.restart();
        more.onAssign?.(worker);
        described = !worker.known.has(hash);
        if (!described) return known;
        worker.known.add(hash);
        return pack({ ...message, args: { ...args, program: spec } });
      },
    };
    return { request, size: known.length };
  }

  #arguments(): Record<string, unknown> {
    const { program, inputs, lm, adapter, config, trace } = this.#call;
    try {
      return toWire({
        hash: this.#program.hash,
        adapter,
        config: withoutExtra(config),
        supports: lm.supports,
        trace: trace ?? false,
        inputs: inputsFor(specOf(program.signature).inputs, inputs),
      }) as Record<string, unknown>;
    } catch (error) {
      throw unserialisable(error);
    }
  }

  /** What was sent already is not sent again: a worker that asks for it all the same has failed. */
  #failure(body: ErrorBody, alone: boolean, described: boolean): unknown {
    if (body.kind === "unknown_program" && !described) return new Forgotten();
    if (body.kind === "wrong_lane" && !alone) return new Blocks();
    // DSPy wraps what its LM raised and adds advice; the text inside is the original's.
    const original = this.#thrown.findLast((thrown) => thrown.message !== "" && body.message.includes(thrown.message));
    return original ?? failureOf(body, this.#worker ?? 0, this.#pool.profile.name, this.#call.program.signature);
  }

  async #answer(asked: CallbackBody, at: Call, emit: (chunk: unknown) => void): Promise<unknown> {
    try {
      if (asked.kind === "lm") return await this.#lm.answer(asked.name === "stream", asked.args as LMQuestion, at, emit);
      if (asked.kind === "tool") return await this.#tool(asked.name, asked.args, at);
      if (asked.kind === "function") return await this.#function(asked.name, asked.args as unknown[]);
      throw new PoolError("call_closed", `Nothing at the host answers ${asked.kind}.`);
    } catch (error) {
      if (error instanceof Error) this.#thrown.push(error);
      throw error;
    }
  }

  async #tool(name: string, args: unknown, at: Call): Promise<unknown> {
    const tool = this.#call.program.tools.find((candidate) => candidate.name === name);
    if (!tool) throw new ToolError(`There is no tool ${name}.`, { tool: name });
    const result: unknown = await tool.run(plain(args), { signal: at.signal });
    return result;
  }

  /** A function among the program's settings: the reward of BestOfN and Refine gets the inputs as they were given. */
  async #function(name: string, args: unknown[]): Promise<unknown> {
    const { program, inputs } = this.#call;
    const found = program.settings[name];
    if (typeof found !== "function") throw new PoolError("call_closed", `The program has no function ${name}.`);
    const [prediction] = args as [PredictionBody];
    const result: unknown = await found(inputs, outputsOf(prediction, program.signature).outputs);
    return result;
  }
}

/** Not errors of the user's: the next attempt sends the description, or takes a worker alone. */
class Forgotten extends Error {}
class Blocks extends Error {}

/** `extra` stays here: it is merged into the request at the host, and Python's request has no place for it. */
function withoutExtra({ extra: _, ...config }: LMConfig): LMConfig {
  return config;
}

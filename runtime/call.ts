/**
 * The life of a call: inputs are validated, the model and the route found, an engine executes, the outputs are
 * validated, and the prediction is made. Plain calls and streams take the same steps.
 */

import { type CachedResult, cached } from "./cache/result.ts";
import { checkOptions } from "./check-options.ts";
import { nearest, type RuntimeState } from "./config.ts";
import { openScope, type Scope } from "./deadline.ts";
import { milliseconds } from "./duration.ts";
import { CancelledError, ConfigurationError, SignatureError } from "./errors.ts";
import { execute, stream } from "./execute.ts";
import type { LM } from "./lm/lm.ts";
import { resolveLM } from "./lm/resolve.ts";
import type { Prediction, StreamEvent } from "./module-types.ts";
import type { CallOptions, ModuleOptions } from "./options.ts";
import { type Attempt, makePlan, type Plan } from "./plan.ts";
import { makePrediction, metaOf } from "./prediction.ts";
import type { PredictorLayout } from "./program/layout.ts";
import type { EngineCall, EngineResult, Exchange, Program, ProgramKind } from "./router/engine.ts";
import { loadEngine, registeredEngine } from "./router/engines.ts";
import { ask, strategyOf } from "./router/route.ts";
import { strategies } from "./router/strategies.ts";
import { codeOf, type Signature } from "./signature.ts";
import { invalidInputs, invalidOutputs } from "./signature-issues.ts";
import type { Difference } from "./telemetry/events.ts";

type Outputs = Readonly<Record<string, unknown>>;

/** A module as data: what to run, the signature its callers see, and the options given with it. */
export interface Definition {
  readonly program: Program;
  readonly outputs: Signature;
  readonly options: ModuleOptions;
  /** Where its predictors stand in a state file; a module of one predictor over its own signature needs none. */
  readonly layout?: (definition: Definition) => readonly PredictorLayout[];
}

/** Everything resolved but the attempt: the model and the route may change between attempts, the rest does not. */
interface Prepared extends Definition {
  readonly began: number;
  readonly call: Omit<EngineCall, "lm">;
  readonly scope: Scope;
  readonly plan: Plan;
  readonly verify: boolean;
}

export async function run(
  definition: Definition,
  state: RuntimeState,
  inputs: unknown,
  callOptions: CallOptions | undefined,
): Promise<Prediction> {
  const began = performance.now();
  const options = effective(definition, state, callOptions);
  const values = validInputs(definition.outputs, inputs);
  const scope = openScope(options.timeout === undefined ? undefined : milliseconds(options.timeout), callOptions?.signal);
  try {
    if (scope.signal.aborted) throw scope.signal.reason;
    const work = async () => {
      const lm = await modelOf(definition.program, options, state);
      if (!options.cache) return plain(await prepare(definition, state, options, values, lm, scope, began));
      const entry = await cached(options.cache, definition, options, lm, values);
      if (entry.hit) return fromCache(entry.hit, lm, began);
      const prediction = await plain(await prepare(definition, state, options, values, lm, scope, began));
      await entry.store(prediction);
      return prediction;
    };
    return await scope.race(work());
  } finally {
    scope.close();
  }
}

async function plain(prepared: Prepared): Promise<Prediction> {
  let attempt = prepared.plan.first;
  const earlier: Exchange[] = [];
  for (;;) {
    let result: EngineResult | undefined;
    try {
      prepared.scope.where = attempt.route === "native" ? "lm" : "python";
      const { result: done, differences } = await execute({ ...prepared.call, lm: attempt.lm }, attempt, prepared.verify);
      result = done;
      return finish(prepared, attempt, result, earlier, differences);
    } catch (error) {
      attempt = await nextAttempt(prepared, error, result, earlier);
    }
  }
}

/** The same as a stream of events; leaving it early aborts what is under way. */
export async function* runStream(
  definition: Definition,
  state: RuntimeState,
  inputs: unknown,
  callOptions: CallOptions | undefined,
): AsyncGenerator<StreamEvent, void, undefined> {
  const began = performance.now();
  const options = effective(definition, state, callOptions);
  const values = validInputs(definition.outputs, inputs);
  const scope = openScope(options.timeout === undefined ? undefined : milliseconds(options.timeout), callOptions?.signal, true);
  try {
    if (scope.signal.aborted) throw scope.signal.reason;
    const lm = await scope.race(Promise.resolve(modelOf(definition.program, options, state)));
    const entry = options.cache ? await scope.race(cached(options.cache, definition, options, lm, values)) : undefined;
    if (entry?.hit) {
      yield* replay(fromCache(entry.hit, lm, began));
      return;
    }
    const prepared = await scope.race(prepare(definition, state, options, values, lm, scope, began));
    for await (const event of streamed(prepared)) {
      if (event.type === "done") await entry?.store(event.prediction);
      yield event;
    }
  } finally {
    // Finished or left early: either way nothing of it runs on.
    scope.abort(new CancelledError("The stream's reader has left."));
    scope.close();
  }
}

async function* streamed(prepared: Prepared): AsyncGenerator<StreamEvent, void, undefined> {
  let attempt = prepared.plan.first;
  const earlier: Exchange[] = [];
  for (;;) {
    let result: EngineResult | undefined;
    try {
      prepared.scope.where = attempt.route === "native" ? "lm" : "python";
      for await (const event of stream({ ...prepared.call, lm: attempt.lm }, attempt, prepared.verify, prepared.scope)) {
        if (event.type === "done") {
          result = event.result;
          const prediction = finish(prepared, attempt, result, earlier, event.differences);
          yield { type: "done", prediction };
          return;
        }
        yield event as StreamEvent;
      }
      throw new SignatureError("output_missing", "The engine's stream ended without a result.", {
        signature: prepared.program.signature.name,
      });
    } catch (error) {
      attempt = await nextAttempt(prepared, error, result, earlier);
      yield { type: "reset", reason: attempt.reason };
    }
  }
}

async function nextAttempt(prepared: Prepared, error: unknown, result: EngineResult | undefined, earlier: Exchange[]): Promise<Attempt> {
  const next = await prepared.plan.after(error, result?.exchanges.at(-1)?.response?.choices[0]?.text);
  const message = error instanceof Error ? error.message : String(error);
  earlier.push(...(result?.exchanges ?? [{ messages: [], failed: message }]));
  return next;
}

/** Options of the runtime, the module and the call, the nearest first. Checked where they are given. */
function effective(definition: Definition, state: RuntimeState, callOptions: CallOptions | undefined): ModuleOptions {
  if (callOptions) checkOptions(callOptions, "call");
  return nearest(nearest(state.options as ModuleOptions, definition.options), callOptions);
}

function validInputs(signature: Signature, inputs: unknown): Readonly<Record<string, unknown>> {
  const checked = codeOf(signature).validateInputs(inputs);
  if (!checked.ok) throw invalidInputs(signature, checked.issues);
  return checked.value;
}

function modelOf(program: Program, options: ModuleOptions, state: RuntimeState): LM | Promise<LM> {
  if (options.lm === undefined) return program.kind === "module" ? absentLM : missing();
  const lm = resolveLM(options.lm);
  if (lm instanceof Promise)
    return lm.then((loaded) => {
      state.models.add(loaded);
      return loaded;
    });
  state.models.add(lm);
  return lm;
}

function missing(): never {
  throw new ConfigurationError("lm_missing", "No language model is configured.", {
    configKey: "lm",
    expected: "a model",
    actual: "nothing",
    remedy: 'Call configure({ lm: "openai/gpt-5-mini" }) first, or give `lm` to the module or the call.',
  });
}

/** A user's Python module may need no model; one that asks for it after all hears what is missing. */
const absentLM: LM = { model: "none", endpoint: "none", supports: {}, config: {}, complete: async () => missing() };

async function prepare(
  definition: Definition,
  state: RuntimeState,
  options: ModuleOptions,
  inputs: EngineCall["inputs"],
  lm: LM,
  scope: Scope,
  began: number,
): Promise<Prepared> {
  const { program } = definition;
  const adapter = options.adapter ?? "chat";
  if (!registeredEngine("native") && options.route !== "python") await loadEngine("native");
  const question = ask(program, adapter);
  const strategy = strategyOf(options.route);
  const idempotent = options.idempotent ?? (program.tools.length === 0 && program.kind !== "module");
  const { signal, deadline } = scope;
  return {
    ...definition,
    began,
    scope,
    plan: makePlan({ program, options, lm, idempotent, question, strategy, signal }),
    verify: strategy === strategies.verify && question.native === true && question.python === true,
    call: {
      program,
      inputs,
      adapter,
      config: options.config ?? {},
      retries: options.retries ?? lm.retries ?? 2,
      signal,
      deadline,
      idempotent,
      ...(options.pool !== undefined && { pool: options.pool }),
      ...(state.options.pools && { pools: state.options.pools }),
      ...(options.trace !== undefined && { trace: options.trace }),
    },
  };
}

/** The types and the constraints hold, or the values are refused with everything that was parsed. */
function finish(
  prepared: Prepared,
  attempt: Attempt,
  result: EngineResult,
  earlier: readonly Exchange[],
  differences: readonly Difference[] | undefined,
): Prediction {
  const checked = codeOf(prepared.outputs).validateOutputs(result.outputs);
  if (!checked.ok) throw invalidOutputs(prepared.outputs, checked.issues, result);
  const attempts = earlier.length ? [...earlier, ...result.exchanges] : result.exchanges;
  return makePrediction(withExtras(prepared.program.kind, checked.value, result.outputs), {
    route: attempt.route,
    reason: attempt.reason,
    ...(result.pool !== undefined && { pool: result.pool }),
    ...(result.worker !== undefined && { worker: result.worker }),
    ...metaOf(attempts, attempt.lm),
    cached: false,
    latency: performance.now() - prepared.began,
    ...(result.completions.length > 1 && { completions: result.completions }),
    ...(differences && { differences }),
  });
}

/** Programs of several steps also tell how they came to their outputs: ReAct's `trajectory` and `reasoning` follow the signature's own. */
function withExtras(kind: ProgramKind, outputs: Outputs, told: Outputs): Outputs {
  return kind === "predict" || kind === "chainOfThought" ? outputs : { ...outputs, ...told, ...outputs };
}

function fromCache({ outputs, completions, route }: CachedResult, lm: LM, began: number): Prediction {
  return makePrediction(outputs, {
    route,
    reason: "answered from the cache",
    ...metaOf([], lm),
    cached: true,
    latency: performance.now() - began,
    ...(completions && { completions }),
  });
}

function* replay(prediction: Prediction): Generator<StreamEvent, void, undefined> {
  const fields: Record<string, unknown> = { ...prediction };
  for (const field of Object.keys(fields)) yield { type: "partial", field, value: fields[field], done: true, fields };
  yield { type: "done", prediction };
}

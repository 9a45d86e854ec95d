/**
 * ReAct: think, call a tool, look at what came, until `finish`; then extract the outputs from the trajectory. Order and
 * limits are DSPy's (dspy-semantics 4.4). A tool's error is an observation without places of this machine.
 */
import { LMError } from "../lm/lm-error.ts";
import { samplingOf } from "../program/sampling.ts";
import type { EngineCall, EngineEvent, EngineResult, Exchange } from "../router/engine.ts";
import { kitOf } from "./adapters/full.ts";
import type { Values } from "./adapters/kit.ts";
import type { Layout } from "./layout.ts";
import { ask, type Question, settings } from "./predict.ts";
import { repr } from "./python/repr.ts";
import type { PyValue } from "./python/value.ts";
import { FINISH, reactParts } from "./react-layout.ts";
import { callTool } from "./react-tools.ts";
import { Pump } from "./stream/pump.ts";
import { StreamedAnswer } from "./stream.ts";
import { plain } from "./values/host.ts";

type Trajectory = Map<string, PyValue>;
const MAX_ITERATIONS = 20;
const TRUNCATIONS = 3;
/** thought, tool name, tool arguments, observation */
const KEYS_PER_TURN = 4;

export async function execute(call: EngineCall): Promise<EngineResult> {
  const exchanges: Exchange[] = [];
  const trajectory = await episode(call, exchanges);
  const completions = await truncating(call, trajectory, (text) => ask(extraction(call, text, exchanges)));
  return finished(completions, trajectory, exchanges);
}

/** The turns run unseen; the extraction is streamed. */
export async function* stream(call: EngineCall): AsyncGenerator<EngineEvent, void, undefined> {
  const exchanges: Exchange[] = [];
  const trajectory = await episode(call, exchanges);
  const question = extraction(call, trajectoryText(call, trajectory), exchanges);
  yield* new Pump(new StreamedAnswer(question, (completions) => ({ type: "done", result: finished(completions, trajectory, exchanges) })));
}

function finished(completions: readonly Record<string, unknown>[], trajectory: Trajectory, exchanges: Exchange[]): EngineResult {
  const told = Object.fromEntries([...trajectory].map(([key, value]) => [key, plain(value, String)]));
  const all = completions.map((outputs) => ({ ...outputs, trajectory: told }));
  return { outputs: all[0]!, completions: all, exchanges };
}

async function episode(call: EngineCall, exchanges: Exchange[]): Promise<Trajectory> {
  const { program, signal } = call;
  const { tools } = reactParts(program);
  const limit = Number(program.settings.maxIters ?? MAX_ITERATIONS);
  const trajectory: Trajectory = new Map();
  for (let i = 0; i < limit; i++) {
    signal.throwIfAborted();
    let outputs: Values;
    try {
      [outputs] = (await truncating(call, trajectory, (text) => ask(thinking(call, text, exchanges)))) as [Values];
    } catch (error) {
      // What has been gathered is extracted from, however little it is.
      if (isOverflow(error)) break;
      throw error;
    }
    const name = String(outputs.next_tool_name);
    const args = outputs.next_tool_args as PyValue;
    trajectory.set(`thought_${i}`, outputs.next_thought as PyValue);
    trajectory.set(`tool_name_${i}`, name);
    trajectory.set(`tool_args_${i}`, args);
    trajectory.set(`observation_${i}`, await callTool(tools.get(name)!, plain(args, (int) => int) as Record<string, unknown>, signal));
    if (name === FINISH) break;
  }
  return trajectory;
}

const isOverflow = (error: unknown): boolean => error instanceof LMError && error.code === "context_window";

/** Runs with the trajectory as text; where that is too long for the model, up to three times, its oldest turn gone each time. */
async function truncating<T>(call: EngineCall, trajectory: Trajectory, run: (text: string) => Promise<T>): Promise<T> {
  let overflow: unknown;
  for (let tries = 0; tries < TRUNCATIONS; tries++) {
    try {
      return await run(trajectoryText(call, trajectory));
    } catch (error) {
      if (!isOverflow(error)) throw error;
      overflow = error;
      const keys = [...trajectory.keys()];
      if (keys.length <= KEYS_PER_TURN) throw error;
      for (const key of keys.slice(0, KEYS_PER_TURN)) trajectory.delete(key);
    }
  }
  throw overflow;
}

/** As the adapter shows inputs, every one declared as text: a list of observations stands in guillemets, as text. */
function trajectoryText({ adapter }: EngineCall, trajectory: Trajectory): string {
  const inputs = [...trajectory.keys()].map((name) => ({ name, type: "str" as const }));
  return kitOf(adapter, { instructions: "", inputs, outputs: [{ name: "x", type: "str" }] }).user(
    Object.fromEntries([...trajectory].map(([key, value]) => [key, Array.isArray(value) ? value.map(asText) : value])),
    "",
    false,
  );
}

const asText = (item: PyValue): string => (typeof item === "string" ? item : repr(item));

function thinking(call: EngineCall, trajectory: string, exchanges: Exchange[]): Question {
  return { ...question(call, reactParts(call.program).react, "react", trajectory, exchanges), python: true };
}

function extraction(call: EngineCall, trajectory: string, exchanges: Exchange[]): Question {
  return question(call, reactParts(call.program).extract, "extract.predict", trajectory, exchanges);
}

function question(call: EngineCall, layout: Layout, path: string, trajectory: string, exchanges: Exchange[]): Question {
  const state = call.program.predictors[path];
  return {
    call,
    layout,
    demos: state?.demos ?? [],
    inputs: { ...call.inputs, trajectory },
    config: settings(samplingOf(state), call),
    exchanges,
  };
}

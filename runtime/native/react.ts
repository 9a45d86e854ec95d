/**
 * ReAct: think, call a tool, look at what came, until `finish`; then extract the outputs from the trajectory. Texts,
 * order and limits are DSPy's (dspy-semantics 4.4). A tool's error is an observation without places of this machine.
 */
import { ConfigurationError, LMError } from "../errors.ts";
import type { Demo, EngineCall, EngineEvent, EngineResult, Exchange, PredictorState } from "../router/engine.ts";
import type { Tool } from "../tool.ts";
import { kitOf } from "./adapters/full.ts";
import type { Kit, Values } from "./adapters/kit.ts";
import { chainOfThoughtLayout, signatureLayout, withState } from "./derive.ts";
import type { Layout } from "./layout.ts";
import { ask, type Question, settings } from "./predict.ts";
import { cleandoc } from "./python/doc.ts";
import { streamQuestion } from "./stream.ts";
import { callTool, FINISH, toolLine } from "./react-tools.ts";
import { toPython } from "./values/python.ts";
import { plain } from "./values/host.ts";
import { type PyValue } from "./python/value.ts";

type Trajectory = Map<string, PyValue>;
const MAX_ITERATIONS = 20;
const TRUNCATIONS = 3;
/** thought, tool name, tool arguments, observation */
const KEYS_PER_TURN = 4;

export async function react(call: EngineCall): Promise<EngineResult> {
  const exchanges: Exchange[] = [];
  const trajectory = await episode(call, exchanges);
  const completions = await truncating(call, trajectory, (text) => ask(question(call, extractLayout(call), "extract.predict", text, exchanges)));
  return finished(completions, trajectory, exchanges);
}

/** The turns run unseen; the extraction is streamed. */
export async function* reactStream(call: EngineCall): AsyncGenerator<EngineEvent, void, undefined> {
  const exchanges: Exchange[] = [];
  const trajectory = await episode(call, exchanges);
  const kit = kitOf(call.adapter, trajectoryLayout(trajectory));
  const completions = yield* streamQuestion(question(call, extractLayout(call), "extract.predict", kit.user(Object.fromEntries(trajectory), "", false), exchanges));
  yield { type: "done", result: finished(completions, trajectory, exchanges) };
}

function finished(completions: readonly Record<string, unknown>[], trajectory: Trajectory, exchanges: Exchange[]): EngineResult {
  const told = Object.fromEntries([...trajectory].map(([key, value]) => [key, plain(value)]));
  const all = completions.map((outputs) => ({ ...outputs, trajectory: told }));
  return { outputs: all[0]!, completions: all, exchanges };
}

async function episode(call: EngineCall, exchanges: Exchange[]): Promise<Trajectory> {
  const { program, signal } = call;
  refuseReserved(call);
  const tools = toolsOf(call);
  const limit = Number(program.settings["maxIters"] ?? MAX_ITERATIONS);
  const trajectory: Trajectory = new Map();
  for (let i = 0; i < limit; i++) {
    signal.throwIfAborted();
    let outputs: Values;
    try {
      [outputs] = (await truncating(call, trajectory, (text) => ask({ ...question(call, reactLayout(call, tools), "react", text, exchanges), python: true }))) as [Values];
    } catch (error) {
      // What has been gathered is extracted from, however little it is.
      if (error instanceof LMError && error.code === "context_window") break;
      throw error;
    }
    const name = String(outputs["next_tool_name"]);
    const args = outputs["next_tool_args"] as PyValue;
    trajectory.set(`thought_${i}`, outputs["next_thought"] as PyValue);
    trajectory.set(`tool_name_${i}`, name);
    trajectory.set(`tool_args_${i}`, args);
    trajectory.set(`observation_${i}`, name === FINISH ? finish(args) : toPython(await callTool(tools.get(name)!, plain(args) as Record<string, unknown>, signal)));
    if (name === FINISH) break;
  }
  return trajectory;
}

/** `finish` takes no arguments, and DSPy says so like of any tool. */
function finish(args: PyValue): string {
  const [first] = args instanceof Map ? args.keys() : [];
  return first === undefined ? "Completed." : `Execution error in ${FINISH}: \nValueError: Arg ${String(first)} is not in the tool's args.`;
}

/** Runs with the trajectory as text; where that is too long for the model, three times with its oldest turn less. */
async function truncating<T>(call: EngineCall, trajectory: Trajectory, run: (text: string) => Promise<T>): Promise<T> {
  let last: unknown;
  for (let tries = 0; tries < TRUNCATIONS; tries++) {
    const kit: Kit = kitOf(call.adapter, trajectoryLayout(trajectory));
    try {
      return await run(kit.user(Object.fromEntries(trajectory), "", false));
    } catch (error) {
      if (!(error instanceof LMError && error.code === "context_window")) throw error;
      last = error;
      const keys = [...trajectory.keys()];
      if (keys.length <= KEYS_PER_TURN) throw error;
      for (const key of keys.slice(0, KEYS_PER_TURN)) trajectory.delete(key);
    }
  }
  throw last;
}

const trajectoryLayout = (trajectory: Trajectory): Layout => ({ instructions: "", inputs: [...trajectory.keys()].map((name) => ({ name, type: "str" as const })), outputs: [{ name: "x", type: "str" }] });

function question(call: EngineCall, layout: Layout, path: string, trajectory: string, exchanges: Exchange[]): Question {
  const state: PredictorState | undefined = call.program.predictors[path];
  const demos: readonly Demo[] = state?.demos ?? [];
  return { call, layout: withState(layout, state), demos, inputs: { ...call.inputs, trajectory }, config: settings(state?.config, call), exchanges };
}

function refuseReserved({ program }: EngineCall): void {
  const { inputs, outputs, name } = program.signature;
  if (![...inputs, ...outputs].some((field) => field.name === "trajectory")) return;
  throw new ConfigurationError("config_invalid", `${name} has a field called trajectory, which ReAct uses itself.`, { configKey: "signature", expected: "another name", actual: "trajectory", remedy: "Rename the field." });
}

/** By name, the last of equals; `finish` is ReAct's own whoever else brings one. */
function toolsOf({ program }: EngineCall): ReadonlyMap<string, Tool> {
  const finish: Tool = { name: FINISH, description: `Marks the task as complete. That is, signals that all information for producing the outputs, i.e. ${ticked(program.signature.outputs)}, are now available to be extracted.`, parameters: [], run: () => "Completed." };
  return new Map([...program.tools, finish].map((tool) => [tool.name, tool]));
}

const ticked = (fields: readonly { readonly name: string }[]): string => fields.map(({ name }) => `\`${name}\``).join(", ");

const layouts = new WeakMap<object, { react?: Layout; extract?: Layout }>();
function cached(call: EngineCall, part: "react" | "extract", make: () => Layout): Layout {
  let own = layouts.get(call.program);
  if (!own) layouts.set(call.program, (own = {}));
  return (own[part] ??= make());
}

const TRAJECTORY = { name: "trajectory", type: "str" } as const;

function reactLayout(call: EngineCall, tools: ReadonlyMap<string, Tool>): Layout {
  return cached(call, "react", () => {
    const { instructions, inputs, outputs } = signatureLayout(call.program.signature);
    const lines = [
      ...(instructions ? [`${instructions}\n`] : []),
      `You are an Agent. In each episode, you will be given the fields ${ticked(inputs)} as input. And you can see your past trajectory so far.`,
      `Your goal is to use one or more of the supplied tools to collect any necessary information for producing ${ticked(outputs)}.\n`,
      "To do this, you will interleave next_thought, next_tool_name, and next_tool_args in each turn, and also when finishing the task.",
      "After each tool call, you receive a resulting observation, which gets appended to your trajectory.\n",
      "When writing next_thought, you may reason about the current situation and plan for future steps.",
      "When selecting the next_tool_name and its next_tool_args, the tool must be one of:\n",
      ...[...tools.values()].map((tool, i) => `(${i + 1}) ${toolLine(tool)}`),
      "When providing `next_tool_args`, the value inside the field must be in JSON format",
    ];
    return {
      instructions: cleandoc(cleandoc(lines.join("\n"))),
      inputs: [...inputs, TRAJECTORY],
      outputs: [
        { name: "next_thought", type: "str" },
        { name: "next_tool_name", type: { kind: "literal", values: [...tools.keys()] } },
        { name: "next_tool_args", type: { kind: "generic", of: "dict", args: ["str", "any"] } },
      ],
    };
  });
}

function extractLayout(call: EngineCall): Layout {
  return cached(call, "extract", () => {
    const { instructions, inputs, outputs } = signatureLayout(call.program.signature);
    return chainOfThoughtLayout({ instructions: cleandoc(instructions), inputs: [...inputs, TRAJECTORY], outputs });
  });
}

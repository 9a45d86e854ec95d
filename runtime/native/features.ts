/**
 * What an endpoint does by itself instead of by prompt: reasoning for an output of type dspy.Reasoning, tool calls for
 * one of type dspy.ToolCalls (JSONAdapter called by itself). Such fields leave the prompt, though the instructions still
 * name them, and are filled from the response (dspy-semantics 2.9).
 */
import { ConfigurationError } from "../errors.ts";
import type { LMChoice, LMConfig } from "../lm/lm.ts";
import type { TypeSpec } from "../spec.ts";
import { coerce } from "./coerce/index.ts";
import { repairLoads } from "./json-repair/index.ts";
import { allowsNone, type Layout } from "./layout.ts";
import { setOwn } from "./own.ts";
import { ParseError } from "./parse-error.ts";
import type { Question } from "./predict.ts";
import type { Instance, PyValue } from "./python/value.ts";
import { plain } from "./values/host.ts";
import { toPython } from "./values/python.ts";

type Outputs = Record<string, unknown>;

export interface Adapted {
  /** What is rendered and read. */
  readonly layout: Layout;
  readonly config: LMConfig;
  readonly tools?: readonly unknown[];
  /** The outputs of one choice; `read` parses its text by the reduced layout. */
  outputs(choice: LMChoice, read: (text: string) => Promise<Outputs>): Promise<Outputs>;
}

const isClass = (type: TypeSpec, name: string): boolean => typeof type === "object" && type.kind === "class" && type.name === name;
const isToolInput = (type: TypeSpec): boolean =>
  isClass(type, "dspy.Tool") ||
  (typeof type === "object" &&
    type.kind === "generic" &&
    type.of === "list" &&
    type.args[0] !== "ellipsis" &&
    isClass(type.args[0]!, "dspy.Tool"));

/** Undefined where everything goes by prompt. */
export function adapt(question: Question, nativeTools: boolean): Adapted | undefined {
  const { layout, config } = question;
  const effort = reasoningEffort(question);
  const reasoning = effort === undefined ? [] : layout.outputs.filter(({ type }) => isClass(type, "dspy.Reasoning"));
  const tools = nativeTools ? toolFields(question) : undefined;
  if (reasoning.length === 0 && !tools) return undefined;
  const removed = new Set([...reasoning.map(({ name }) => name), ...(tools ? [tools.input, tools.output] : [])]);
  const kept = (fields: Layout["inputs"]) => fields.filter(({ name }) => !removed.has(name));
  return {
    layout: { ...layout, inputs: kept(layout.inputs), outputs: kept(layout.outputs) },
    config: reasoning.length > 0 ? { ...config, extra: { ...config.extra, reasoning_effort: effort } } : config,
    ...(tools && { tools: tools.specs }),
    async outputs(choice, read) {
      const calls = tools && choice.toolCalls?.length ? choice.toolCalls : undefined;
      const parsed = calls ? await bestEffort(choice.text, read) : await read(choice.text);
      const values = inOrder(layout, parsed);
      if (calls && tools) setOwn(values, tools.output, plain(coerce({ kind: "class", name: "dspy.ToolCalls" }, calls.map(callData))));
      if (choice.reasoning !== undefined) for (const { name } of reasoning) setOwn(values, name, choice.reasoning);
      return values;
    },
  };
}

/** DSPy turns reasoning on with the least effort, unless the settings say otherwise; null turns it off. */
function reasoningEffort({ call: { lm }, config }: Question): unknown {
  if (!lm.supports.reasoning || lm.model.includes("gpt-5")) return undefined;
  const said = [config.extra, lm.config.extra].find((extra) => extra && "reasoning_effort" in extra);
  return said ? (said.reasoning_effort ?? undefined) : "low";
}

function toolFields({ layout, call, inputs }: Question): { input: string; output: string; specs: readonly unknown[] } | undefined {
  const output = layout.outputs.find(({ type }) => isClass(type, "dspy.ToolCalls"))?.name;
  if (output === undefined) return undefined;
  const input = layout.inputs.find(({ type }) => isToolInput(type))?.name;
  if (input === undefined)
    throw new ConfigurationError("config_invalid", `The output ${output} receives tool calls, but there is no input with tools.`, {
      configKey: "signature",
      expected: "an input of type list[dspy.Tool]",
      actual: "none",
      remedy: "Add an input of type list[dspy.Tool].",
    });
  if (!call.lm.supports.functionCalling) return undefined;
  const given = inputs[input];
  return { input, output, specs: (Array.isArray(given) ? given : [given]).map(functionSpec) };
}

/** OpenAI's function description. */
function functionSpec(value: unknown): unknown {
  const { values } = toPython(value, { kind: "class", name: "dspy.Tool" }) as Instance;
  const properties = plain(values.get("args")!) as Record<string, Record<string, unknown>>;
  const required = Object.keys(properties).filter((name) => !("default" in properties[name]!));
  return {
    type: "function",
    function: { name: values.get("name"), description: values.get("desc"), parameters: { type: "object", properties, required } },
  };
}

/** Beside tool calls the text may be anything. */
async function bestEffort(text: string, read: (text: string) => Promise<Outputs>): Promise<Outputs> {
  try {
    return text ? await read(text) : {};
  } catch (error) {
    if (error instanceof ParseError) return {};
    throw error;
  }
}

/** What was read in the signature's order, then the removed fields, None until the response fills them. */
function inOrder(layout: Layout, parsed: Outputs): Outputs {
  const values: Outputs = {};
  for (const { name, type } of layout.outputs) {
    if (Object.hasOwn(parsed, name)) setOwn(values, name, parsed[name]);
    else if (allowsNone(type)) setOwn(values, name, null);
  }
  for (const { name } of layout.outputs) if (!Object.hasOwn(values, name)) setOwn(values, name, null);
  return values;
}

/** A provider's call: its arguments are JSON in a string. */
function callData(call: unknown): PyValue {
  const data = (toPython(call) ?? new Map()) as ReadonlyMap<PyValue, PyValue>;
  const wrapped = data.get("function");
  const own = wrapped instanceof Map ? wrapped : data;
  const given = own.get("arguments") ?? new Map();
  const args = typeof given === "string" ? repairLoads(given) : given;
  return new Map<PyValue, PyValue>([
    ["id", data.get("call_id") ?? data.get("id") ?? null],
    ["name", own.get("name") ?? data.get("name") ?? null],
    ["args", args instanceof Map ? args : new Map()],
  ]);
}

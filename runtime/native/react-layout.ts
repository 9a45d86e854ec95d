/** ReAct's two predictors as layouts: the one that thinks and chooses, and the one that extracts (dspy-semantics 4.4). */
import { ConfigurationError } from "../errors.ts";
import type { Program } from "../router/engine.ts";
import type { Tool } from "../tool.ts";
import { chainOfThoughtLayout, derived, signatureLayout, withState } from "./derive.ts";
import type { Layout } from "./layout.ts";
import { memo } from "./memo.ts";
import { cleandoc } from "./python/doc.ts";
import { toolText, toolValue } from "./values/tool.ts";

export interface ReactParts {
  readonly tools: ReadonlyMap<string, Tool>;
  readonly react: Layout;
  readonly extract: Layout;
}

export const FINISH = "finish";
const TRAJECTORY = { name: "trajectory", type: "str" } as const;
const ticked = (fields: readonly { readonly name: string }[]): string => fields.map(({ name }) => `\`${name}\``).join(", ");

export const reactParts: (program: Program) => ReactParts = memo((program) => {
  const base = signatureLayout(program.signature);
  refuseReserved(program.signature.name, base);
  const tools = toolsOf(program, base);
  const { instructions } = derived(base.instructions, base.inputs, base.outputs);
  const extract = chainOfThoughtLayout({ instructions, inputs: [...base.inputs, TRAJECTORY], outputs: base.outputs });
  return {
    tools,
    react: withState(reactLayout(base, tools), program.predictors.react),
    extract: withState(extract, program.predictors["extract.predict"]),
  };
});

function refuseReserved(name: string, { inputs, outputs }: Layout): void {
  if (![...inputs, ...outputs].some((field) => field.name === TRAJECTORY.name)) return;
  throw new ConfigurationError("config_invalid", `${name} has a field called trajectory, which ReAct uses itself.`, {
    configKey: "signature",
    expected: "another name",
    actual: "trajectory",
    remedy: "Rename the field.",
  });
}

/** By name, the last of equals; `finish` is ReAct's own whoever else brings one. */
function toolsOf(program: Program, { outputs }: Layout): ReadonlyMap<string, Tool> {
  const finish: Tool = {
    name: FINISH,
    description: `Marks the task as complete. That is, signals that all information for producing the outputs, i.e. ${ticked(outputs)}, are now available to be extracted.`,
    parameters: [],
    run: () => "Completed.",
  };
  return new Map([...program.tools, finish].map((tool) => [tool.name, tool]));
}

function reactLayout({ instructions, inputs, outputs }: Layout, tools: ReadonlyMap<string, Tool>): Layout {
  const lines = [
    ...(instructions ? [`${instructions}\n`] : []),
    `You are an Agent. In each episode, you will be given the fields ${ticked(inputs)} as input. And you can see your past trajectory so far.`,
    `Your goal is to use one or more of the supplied tools to collect any necessary information for producing ${ticked(outputs)}.\n`,
    "To do this, you will interleave next_thought, next_tool_name, and next_tool_args in each turn, and also when finishing the task.",
    "After each tool call, you receive a resulting observation, which gets appended to your trajectory.\n",
    "When writing next_thought, you may reason about the current situation and plan for future steps.",
    "When selecting the next_tool_name and its next_tool_args, the tool must be one of:\n",
    ...[...tools.values()].map((tool, i) => `(${i + 1}) ${toolText(toolValue(tool))}`),
    "When providing `next_tool_args`, the value inside the field must be in JSON format",
  ];
  return {
    // DSPy appends three fields to this signature, and every step cleans the text; after two it stays as it is.
    instructions: cleandoc(cleandoc(lines.join("\n"))),
    inputs: [...inputs, TRAJECTORY],
    outputs: [
      { name: "next_thought", type: "str" },
      { name: "next_tool_name", type: { kind: "literal", values: [...tools.keys()] } },
      { name: "next_tool_args", type: { kind: "generic", of: "dict", args: ["str", "any"] } },
    ],
  };
}

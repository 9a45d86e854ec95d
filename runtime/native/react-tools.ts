/** How ReAct calls a tool. */
import type { Tool } from "../tool.ts";
import type { PyValue } from "./python/value.ts";
import { checkSchema } from "./tool-schema.ts";
import { toPython } from "./values/python.ts";

/** What the tool returned, or the words of its error: the model reads either. The caller's own end is no observation. */
export async function callTool(tool: Tool, args: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<PyValue> {
  try {
    const problem = argumentProblem(tool, args);
    if (problem) return `Execution error in ${tool.name}: \n${problem}`;
    // Here, so that a result no prompt can hold (one that contains itself) is the tool's error too.
    return toPython(await tool.run({ ...args }, { signal }));
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    return `Execution error in ${tool.name}: \n${errorText(error)}`;
  }
}

function argumentProblem({ name, parameters }: Tool, args: Readonly<Record<string, unknown>>): string | undefined {
  for (const [key, value] of Object.entries(args)) {
    const parameter = parameters.find((own) => own.name === key);
    if (!parameter) return `ValueError: Arg ${key} is not in the tool's args.`;
    const problem = "type" in parameter.schema ? checkSchema(parameter.schema, value) : undefined;
    if (problem) return `ValueError: Arg ${key} is invalid: ${problem}`;
  }
  const missing = parameters
    .filter((parameter) => parameter.required && !Object.hasOwn(args, parameter.name))
    .map((parameter) => `'${parameter.name}'`);
  if (missing.length === 0) return undefined;
  const list = missing.length > 2 ? `${missing.slice(0, -1).join(", ")}, and ${missing.at(-1)}` : missing.join(" and ");
  return `TypeError: ${name}() missing ${missing.length} required positional argument${missing.length > 1 ? "s" : ""}: ${list}`;
}

/** Python ends a traceback with `Name: message`; the frames above it would show where things lie on this machine. */
function errorText(error: unknown): string {
  if (!(error instanceof Error)) return `Error: ${String(error)}`;
  const { message } = error.cause instanceof Error && error.name === "ToolError" ? error.cause : error;
  const name = error.cause instanceof Error && error.name === "ToolError" ? error.cause.name : error.name;
  return message ? `${name}: ${message}` : name;
}

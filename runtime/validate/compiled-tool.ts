/** What `tool(fn)` becomes: the function where it stood, with a schema and a check read from its TypeScript parameters. */
import { type Issue, ToolError } from "../errors.ts";
import type { Tool, ToolContext, ToolParameter } from "../tool.ts";
import { type Fields, ownFields } from "./fields.ts";

export interface ToolTable {
  readonly name: string;
  readonly description: string | null;
  readonly parameters: readonly ToolParameter[];
  /** `named`: parameters in order. `object`: one object whose properties they are. */
  readonly call: "named" | "object";
}

type ArgumentsCheck = (fields: Fields, issues: Issue[]) => Record<string, unknown>;

/** A tool's code apart from its function: what `dspex.gen` carries for programs that run unbundled. */
export interface GeneratedTool {
  readonly table: ToolTable;
  readonly check: ArgumentsCheck;
}

export function toolCode(table: ToolTable, check: ArgumentsCheck): GeneratedTool {
  return { table, check };
}

const registered = new Map<string, GeneratedTool>();

/** By the name of the declaration. */
export function registerTool(name: string, tool: GeneratedTool): void {
  registered.set(name, tool);
}

export function registeredTool(name: string): GeneratedTool | undefined {
  return registered.get(name);
}

/** The check fills nothing: what is absent stays undefined, so that the function's own defaults hold. */
export function defineTool<R>(
  fn: (...args: any[]) => R | Promise<R>,
  table: ToolTable,
  check: ArgumentsCheck,
  options: { readonly name?: string; readonly description?: string } = {},
): Tool<any, R> {
  const name = options.name ?? table.name;
  const names = table.parameters.map((parameter) => parameter.name);
  const run = (args: unknown, context: ToolContext): R | Promise<R> => {
    const issues: Issue[] = [];
    const fields = ownFields(args, names, issues, "refuse");
    const values = fields && check(fields, issues);
    if (issues.length || !values)
      throw new ToolError(`${name} was called with wrong arguments: ${issues.map((issue) => issue.message).join(" ")}`, { tool: name });
    return table.call === "object" ? fn(values, context) : fn(...names.map((parameter) => values[parameter]));
  };
  return Object.freeze({ name, description: options.description ?? table.description, parameters: table.parameters, run });
}

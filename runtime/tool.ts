import { ConfigurationError, ToolError } from "./errors.ts";
import { defineTool, registeredTool } from "./validate/compiled-tool.ts";
import type { StandardSchema } from "./validate/slot.ts";

/** A tool a program may call: made by `tool(fn)` at build time, or by hand with a schema. */
export interface ToolParameter {
  readonly name: string;
  /** JSON Schema as pydantic would write it; DSPy prints it in ReAct's prompt. */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly required: boolean;
  readonly default?: unknown;
}

export interface ToolContext {
  readonly signal: AbortSignal;
}

export interface Tool<A = any, R = unknown> {
  readonly name: string;
  /** Null prints without a description, as DSPy does for a function without a docstring. */
  readonly description: string | null;
  readonly parameters: readonly ToolParameter[];
  readonly run: (args: A, context: ToolContext) => R | Promise<R>;
}

/** `input` is a Standard Schema of an object (zod first), or a JSON Schema of one, which then is not enforced here. */
export interface ToolDefinition<A, R> {
  readonly name: string;
  readonly description?: string;
  readonly input: StandardSchema | Readonly<Record<string, unknown>>;
  readonly run: (args: A, context: ToolContext) => R | Promise<R>;
}

/**
 * A function as a tool. Compiled, its parameters are read from its TypeScript; where a program runs unbundled they come
 * from `dspex.gen`, by the function's name; by hand they are given as `{ name, description, input, run }`.
 */
export function tool<R>(
  fn: (...args: any[]) => R,
  options?: { readonly name?: string; readonly description?: string },
): Tool<any, Awaited<R>>;
export function tool<A = any, R = unknown>(definition: ToolDefinition<A, R>): Tool<A, R>;
export function tool(
  given: ((...args: any[]) => unknown) | ToolDefinition<any, unknown>,
  options: { readonly name?: string; readonly description?: string } = {},
): Tool {
  if (typeof given !== "function") return defined(given);
  const generated = registeredTool(options.name ?? given.name) ?? registeredTool(given.name);
  if (generated) return defineTool(given, generated.table, generated.check, options);
  throw new ConfigurationError(
    "config_invalid",
    `The tool ${given.name || "(anonymous)"} is not compiled, so nothing says what its parameters are.`,
    {
      configKey: "tool",
      expected: "a compiled tool",
      actual: "a function",
      remedy:
        'Build with the plugin (dspex/esbuild, dspex/vite, ...) or run with "node --import dspex/register"; or run "dspexc" and import "dspex.gen/index" first; or give tool({ name, description, input, run }).',
    },
  );
}

function defined({ name, description, input, run }: ToolDefinition<any, unknown>): Tool {
  if (typeof name !== "string" || !/^\w+$/.test(name))
    throw invalid("name", "a name of letters, digits and _", JSON.stringify(name) ?? "nothing");
  if (typeof run !== "function") throw invalid("run", "a function", typeof run);
  if (typeof input !== "object" || input === null) throw invalid("input", "a Standard Schema or a JSON Schema", typeof input);
  const standard = "~standard" in input ? ((input as StandardSchema)["~standard"] as StandardSchema["~standard"] & Describing) : undefined;
  const schema = standard ? standard.jsonSchema?.input({ target: "draft-2020-12" }) : input;
  if (!schema) throw invalid("input", "a schema with ~standard.jsonSchema", `a schema of ${standard!.vendor}`);
  const {
    properties,
    required = [],
    type,
  } = schema as { properties?: Record<string, JsonSchema>; required?: readonly string[]; type?: unknown };
  if (type !== "object" || typeof properties !== "object")
    throw invalid("input", "the schema of an object", `one of ${String(type ?? "nothing")}`);
  const parameters = Object.entries(properties).map(([key, property]) => ({
    name: key,
    schema: plain(property),
    required: required.includes(key),
    ...(property.default !== undefined && { default: property.default }),
  }));
  return Object.freeze({ name, description: description ?? null, parameters, run: standard ? checking(name, standard, run) : run });
}

type JsonSchema = Readonly<Record<string, unknown>>;
interface Describing {
  readonly jsonSchema?: { readonly input: (options: { readonly target: string }) => JsonSchema };
}

/** zod bounds every int by what JavaScript can hold; a model has no use for the two numbers. */
function plain({ minimum, maximum, ...schema }: JsonSchema): JsonSchema {
  return {
    ...schema,
    ...(minimum !== undefined && minimum !== Number.MIN_SAFE_INTEGER && { minimum }),
    ...(maximum !== undefined && maximum !== Number.MAX_SAFE_INTEGER && { maximum }),
  };
}

function checking(name: string, { validate }: StandardSchema["~standard"], run: Tool["run"]): Tool["run"] {
  return async (args, context) => {
    const result = await validate(args);
    if (!result.issues) return run(result.value, context);
    const issues = result.issues.map(({ path = [], message }) =>
      [path.map((part) => String(typeof part === "object" ? part.key : part)).join("."), message].filter(Boolean).join(": "),
    );
    throw new ToolError(`${name} was called with wrong arguments: ${issues.join("; ")}.`, { tool: name });
  };
}

function invalid(key: string, expected: string, actual: string): ConfigurationError {
  return new ConfigurationError("config_invalid", `tool({ ${key} }) is ${actual}.`, {
    configKey: key,
    expected,
    actual,
    remedy: `Give ${expected}.`,
  });
}

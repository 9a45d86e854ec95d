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

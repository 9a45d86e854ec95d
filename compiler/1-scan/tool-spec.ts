/** A `tool(fn)` as data, read from the function's TypeScript parameters and TSDoc. `5-emit` writes the JSON Schemas. */
import type { TypeSpec } from "../../runtime/abi.ts";

export interface ToolSpec {
  readonly name: string;
  /** TSDoc of the function; null when it has none, which prints without a description, as in DSPy. */
  readonly description: string | null;
  readonly parameters: readonly ToolParameterSpec[];
  /** `named`: `(query: string, k = 3)`, spread in order at the call. `object`: one object parameter whose properties they are. */
  readonly call: "named" | "object";
}

export interface ToolParameterSpec {
  readonly name: string;
  readonly type: TypeSpec;
  /** From `@param`, or from a property's TSDoc. */
  readonly desc?: string;
  readonly required: boolean;
}

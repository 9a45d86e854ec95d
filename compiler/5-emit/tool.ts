/** What `tool(fn)` becomes: the same call with a table and a check after the function, which stays where it stands. */
import type { ToolSpec } from "../1-scan/tool-spec.ts";
import { parameterSchema } from "./json-schema.ts";
import { literal } from "./literal.ts";
import { argumentsCheck } from "./validator.ts";

/** The arguments that follow the function: `{ name, description, parameters, call }, ({ query }, issues) => { ... }`. */
export function toolArguments(spec: ToolSpec, abi: string): string {
  const { name, description, call } = spec;
  const parameters = spec.parameters.map(({ name, type, desc, required }) => ({ name, schema: parameterSchema(type, desc), required }));
  return `${literal({ name, description, parameters, call }, "", true)}, ${argumentsCheck(spec.parameters, abi)}`;
}

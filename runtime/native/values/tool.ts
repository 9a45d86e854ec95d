/** A tool as a value and as text; ReAct's instructions hold it before any other value is met. */
import type { Tool } from "../../tool.ts";
import { repr } from "../python/repr.ts";
import { Instance, type PyValue } from "../python/value.ts";
import { untyped } from "./untyped.ts";

/** A tool as DSPy holds it: `args` maps each parameter's name to its JSON Schema, defaults included. */
export function toolValue({ name, description, parameters }: Tool): Instance {
  const args = new Map<PyValue, PyValue>(
    parameters.map((parameter) => {
      const schema = untyped(parameter.schema) as Map<PyValue, PyValue>;
      if (parameter.default !== undefined && !schema.has("default")) schema.set("default", untyped(parameter.default));
      return [parameter.name, schema];
    }),
  );
  return new Instance(
    "dspy.Tool",
    new Map<string, PyValue>([
      ["name", name],
      ["desc", description],
      ["args", args],
    ]),
  );
}

/** `str(dspy.Tool)` (dspy-semantics 2.9). */
export function toolText(tool: Instance): string {
  const description = tool.values.get("desc");
  const head = `${String(tool.values.get("name"))}${description ? `, whose description is <desc>${String(description)}</desc>.`.replaceAll("\n", "  ") : "."}`;
  return `${head} It takes arguments ${repr(tool.values.get("args") ?? new Map())}.`;
}

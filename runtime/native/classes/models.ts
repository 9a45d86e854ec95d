/** Models that DSPy and pydantic bring along and that only their own code makes: bases without fields, and tools' results. */

import type { ModelType } from "../../spec.ts";
import { refuse } from "../coerce/atoms.ts";
import type { Coerce } from "../coerce/index.ts";
import { coerceModel } from "../coerce/model.ts";
import { STRICT, type State } from "../coerce/state.ts";
import { Instance, type PyValue } from "../python/value.ts";

const RESULT: ModelType = {
  kind: "model",
  name: "ToolCallResult",
  fields: [
    { name: "call_id", type: { kind: "union", members: ["str", "none"] }, default: null },
    { name: "name", type: "str" },
    { name: "value", type: "any" },
    { name: "is_error", type: "bool", default: false },
  ],
};
const TYPE_DOC = `Base class to support creating custom types for DSPy signatures.

This is the parent class of DSPy custom types, e.g, dspy.Image. Subclasses must implement the \`format\` method to
return a list of dictionaries (same as the Array of content parts in the OpenAI API user message's content field).

Examples:

    \`\`\`python
    class Image(Type):
        url: str

        def format(self) -> list[dict[str, Any]]:
            return [{"type": "image_url", "image_url": {"url": self.url}}]
    \`\`\``;

/** By the name signatures give them. */
export const MODELS: Readonly<Record<string, ModelType>> = {
  "dspy.Signature": { kind: "model", name: "Signature", fields: [] },
  "dspy.Type": { kind: "model", name: "Type", doc: TYPE_DOC, fields: [] },
  "dspy.ToolCallResults": {
    kind: "model",
    name: "ToolCallResults",
    fields: [{ name: "tool_call_results", type: { kind: "generic", of: "list", args: [RESULT] } }],
  },
  "pydantic.main.BaseModel": { kind: "model", name: "BaseModel", fields: [] },
};

/** A model of one value of any type, whose schema names no type. */
export const ROOT = "pydantic.root_model.RootModel";
export const ROOT_SCHEMA = {
  description: `!!! abstract "Usage Documentation"
    [\`RootModel\` and Custom Root Types](../concepts/models.md#rootmodel-and-custom-root-types)

A Pydantic \`BaseModel\` for the root object of the model.

Attributes:
    root: The root object of the model.
    __pydantic_root_model__: Whether the model is a RootModel.
    __pydantic_private__: Private fields in the model.
    __pydantic_extra__: Extra fields in the model.`,
  title: "RootModel",
};

export function readModel(name: string, value: PyValue, state: State, inner: Coerce): PyValue {
  if (name === ROOT) {
    state.floor(STRICT);
    return new Instance("RootModel", new Map([["root", value]]));
  }
  const type = MODELS[name]!;
  const given = name === "dspy.ToolCallResults" ? results(value) : value;
  const made = coerceModel(type, given, state.within(type), inner, state);
  return name === "dspy.ToolCallResults" ? renamed(made) : made;
}

/** Python's name of a class inside a class. */
function renamed(value: PyValue): PyValue {
  const list = value instanceof Instance ? (value.values.get("tool_call_results") as readonly Instance[]) : [];
  const of = "dspy.ToolCallResults.ToolCallResult";
  return new Instance("dspy.ToolCallResults", new Map([["tool_call_results", list.map(({ values }) => new Instance(of, values))]]));
}

/** A list of results, one result, or the whole object. */
function results(value: PyValue): PyValue {
  const whole = (list: PyValue): PyValue => new Map([["tool_call_results", list]]);
  if (Array.isArray(value)) return whole(value);
  if (!(value instanceof Map)) return refuse("results of tool calls", value);
  if (value.has("tool_call_results")) return value;
  return value.has("name") && value.has("value") ? whole([value]) : refuse("results of tool calls", value);
}

/** The parts of the system message that the adapters have in common. */
import type { Constraints } from "../../spec.ts";
import type { Codec } from "../codecs/codec.ts";
import type { Layout, LayoutField } from "../layout.ts";
import { dedent } from "../python/dedent.ts";
import { splitlines, strip } from "../python/whitespace.ts";

export type CodecOf = (field: LayoutField) => Codec;

const WORDS: Readonly<Record<string, string>> = {
  gt: "greater than: ",
  ge: "greater than or equal to: ",
  lt: "less than: ",
  le: "less than or equal to: ",
  min_length: "minimum length: ",
  max_length: "maximum length: ",
  multiple_of: "a multiple of the given number: ",
  allow_inf_nan: "allow 'inf', '-inf', 'nan' values: ",
};

/** In the order they were written; `pattern` has no words in DSPy. */
function constraintText(constraints: Constraints | undefined): string {
  const parts = Object.entries(constraints ?? {}).flatMap(([name, bound]) => (WORDS[name] ? [WORDS[name] + boundText(bound)] : []));
  return parts.length > 0 ? `\nConstraints: ${parts.join(", ")}` : "";
}
const boundText = (bound: unknown): string =>
  bound === true
    ? "True"
    : bound === false
      ? "False"
      : typeof bound === "object" && bound !== null && "float" in bound
        ? String(bound.float)
        : String(bound);

function describe(fields: readonly LayoutField[], codecOf: CodecOf): string {
  const lines = fields.map((field, i) => {
    const { annotation, about } = codecOf(field);
    const desc = field.desc === undefined || field.desc === `\${${field.name}}` ? "" : field.desc;
    return `${i + 1}. \`${field.name}\` (${annotation}): ${desc}${about}${constraintText(field.constraints)}`;
  });
  return strip(lines.join("\n"));
}

export const FILLED = "All interactions will be structured in the following way, with the appropriate values filled in.";

/** Fields, then the adapter's own structure, then the objective: every line of the instructions eight columns in. */
export function systemText(layout: Layout, codecOf: CodecOf, structure: string): string {
  const objective = splitlines(dedent(layout.instructions))
    .map((line) => `\n        ${line}`)
    .join("");
  return `Your input fields are:\n${describe(layout.inputs, codecOf)}\nYour output fields are:\n${describe(layout.outputs, codecOf)}\n${structure}\nIn adhering to this structure, your objective is: ${objective}`;
}

/** `{name}` and, for outputs that are not text, what the value has to be. */
export function placeholder(field: LayoutField, codec: Codec, output: boolean): string {
  return `{${field.name}}${output && codec.note ? `        # note: the value you produce ${codec.note}` : ""}`;
}

/** What a request says of an output's type; nothing where it is `str`. */
export function typeInfo({ type }: LayoutField, codec: Codec): string {
  if (type === "str") return "";
  if (typeof type === "object" && type.kind === "class" && type.name === "dspy.ToolCalls")
    return ' (must be a JSON object like {"tool_calls": [{"name": "...", "args": {...}}]})';
  return ` (must be formatted as a valid Python ${codec.annotation})`;
}

/** Codecs for every type: values through Python's eyes, completions through json_repair and pydantic's coercions. */
import type { TypeSpec } from "../../spec.ts";
import { className } from "../annotated-name.ts";
import { Invalid } from "../coerce/index.ts";
import { promptSchema } from "../json-schema.ts";
import type { LayoutField } from "../layout.ts";
import { memo } from "../memo.ts";
import { str } from "../python/repr.ts";
import type { PyValue } from "../python/value.ts";
import { typeName } from "../type-name.ts";
import { undeclared } from "../undeclared.ts";
import { constantValue } from "../values/constant.ts";
import { formatValue } from "../values/format.ts";
import { parseValue } from "../values/parse.ts";
import { toPython } from "../values/python.ts";
import type { Codec } from "./codec.ts";

export interface FullCodec extends Codec {
  readonly type: TypeSpec;
  read(text: string): PyValue;
  /** The value as DSPy would hold it. */
  python(value: unknown): PyValue;
  parse(value: PyValue): PyValue;
}

export const fullCodec: (field: LayoutField) => FullCodec = memo(({ type }) => make(type));

function make(type: TypeSpec): FullCodec {
  const unknown = undeclared(type);
  const parse = (value: PyValue): PyValue => {
    if (unknown) throw new Invalid(`${unknown} is no class that anything declares`);
    return parseValue(value, type);
  };
  const python = (value: unknown): PyValue => toPython(value, type);
  let note: string | undefined;
  return {
    type,
    annotation: typeName(type, className),
    about: descriptions(type),
    // A getter: an input of a type without a schema (dspy.Tool) is never asked for one.
    get note() {
      note ??= noteOf(type);
      return note;
    },
    write: (value) => formatValue(python(value), type === "str"),
    read: parse,
    python,
    parse,
  };
}

function noteOf(type: TypeSpec): string {
  if (type === "str") return "";
  if (type === "bool") return "must be True or False";
  if (type === "int" || type === "float") return `must be a single ${type} value`;
  if (typeof type === "object") {
    if (type.kind === "enum") return `must be one of: ${type.members.map(([, value]) => str(value)).join("; ")}`;
    if (type.kind === "literal")
      return `must exactly match (no extra characters) one of: ${type.values.map((value) => str(constantValue(value))).join("; ")}`;
    if (type.kind === "class" && type.name.startsWith("enum.")) return "must be one of: ";
    if (type.kind === "class" && (type.name === "dspy.Reasoning" || type.name === "dspy.Code")) return "";
  }
  return `must adhere to the JSON schema: ${promptSchema(type)}`;
}

const TOOL_CALLS =
  'Tool calls must be a JSON object with `tool_calls`, a list of calls. Each call must include `name` and `args`. Example: {"tool_calls": [{"name": "search", "args": {"query": "cats"}}]}';

/** Types that describe themselves, in the order they stand in the annotation (dspy-semantics 2.3). */
function descriptions(type: TypeSpec): string {
  if (typeof type === "string") return "";
  if (type.kind === "generic") return type.args.map((arg) => (arg === "ellipsis" ? "" : descriptions(arg))).join("");
  if (type.kind === "union") return type.members.map(descriptions).join("");
  if (type.kind !== "class") return "";
  const language = String(type.args?.[0] ?? "python");
  const text =
    type.name === "dspy.ToolCalls"
      ? TOOL_CALLS
      : type.name === "dspy.Code"
        ? `Code represented in a string, specified in the \`code\` field. If this is an output field, the code field should follow the markdown code block format, e.g. \n\`\`\`${language.toLowerCase()}\n{code}\n\`\`\`\nProgramming language: ${language}`
        : "";
  return text && `\n    Type description of ${typeName(type)}: ${text}`;
}

/** JSONAdapter: inputs as in chat, outputs as one JSON object (dspy-semantics 2.5). */
import { type FullCodec, fullCodec } from "../codecs/full.ts";
import { repairLoads } from "../json-repair/index.ts";
import type { Layout } from "../layout.ts";
import { ParseError } from "../parse-error.ts";
import { dumps } from "../python/json.ts";
import type { PyValue } from "../python/value.ts";
import { strip } from "../python/whitespace.ts";
import { constantValue } from "../values/constant.ts";
import { toPython } from "../values/python.ts";
import { serialize } from "../values/serialize.ts";
import { complete } from "./chat.ts";
import { has, type Kit } from "./kit.ts";
import { FILLED, placeholder, systemText, typeInfo } from "./system.ts";

export function jsonKit(layout: Layout): Kit {
  const inputs = layout.inputs.map((field) => ({ name: field.name, field, codec: fullCodec(field), head: `[[ ## ${field.name} ## ]]\n` }));
  const outputs = layout.outputs.map((field) => ({ name: field.name, field, codec: fullCodec(field) }));
  const shown = strip(inputs.map(({ field, codec, head }) => head + placeholder(field, codec, false)).join("\n\n"));
  const form = (): string => dumps(new Map(outputs.map(({ name, field, codec }) => [name, placeholder(field, codec, true)])), 2);
  const request = `Respond with a JSON object in the following order of fields: ${outputs.map(({ name, field, codec }) => `\`${name}\`${typeInfo(field, codec)}`).join(", then ")}.`;
  let system: string | undefined;
  const byName = new Map<PyValue, FullCodec>(outputs.map(({ name, codec }) => [name, codec]));

  return {
    layout,
    // At the first message: a type without a schema can be read all the same.
    get system() {
      if (system !== undefined) return system;
      const parts = [
        FILLED,
        "Inputs will have the following structure:",
        shown,
        "Outputs will be a JSON object with the following fields.",
        form(),
      ];
      system = systemText(layout, fullCodec, strip(parts.join("\n\n")));
      return system;
    },

    user(values, prefix, main) {
      const parts = [
        prefix,
        ...inputs.flatMap(({ name, head, codec }) => (has(values, name) ? [head + codec.write(values[name])] : [])),
        ...(main ? [request] : []),
        "",
      ];
      return strip(parts.join("\n\n"));
    },

    assistant(values, missing) {
      const object = new Map<PyValue, PyValue>(
        outputs.map(({ name, codec }) => [name, has(values, name) ? codec.python(values[name]) : missing]),
      );
      return dumps(serialize(object), 2);
    },

    parse(completion) {
      const object = objectIn(completion);
      const read = new Map<string, unknown>();
      for (const [name, value] of object) {
        const codec = byName.get(name);
        if (!codec) continue;
        try {
          read.set(name as string, codec.parse(value));
        } catch (error) {
          if (!(error instanceof Error)) throw error;
          throw new ParseError(`${String(name)}: ${error.message}`, { field: String(name), parsed: Object.fromEntries(read) });
        }
      }
      return complete(layout, read, ({ default: value, type }) => toPython(constantValue(value!), type));
    },
  };
}

/** What json_repair makes of the completion; where that is no object, of the first braces that match. */
function objectIn(completion: string): ReadonlyMap<PyValue, PyValue> {
  let value: PyValue;
  try {
    value = repairLoads(completion);
    if (!(value instanceof Map)) {
      const braces = matchingBraces(completion);
      if (braces !== undefined) value = repairLoads(braces);
    }
  } catch (error) {
    throw new ParseError(`The completion cannot be read as JSON: ${(error as Error).message}.`);
  }
  if (!(value instanceof Map)) throw new ParseError("The completion holds no JSON object.");
  return value;
}

/** The first `{` that has its `}`, and all between, in one pass: the leftmost match of DSPy's recursive pattern. */
function matchingBraces(text: string): string | undefined {
  const open: number[] = [];
  let best: [start: number, end: number] | undefined;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === "{") open.push(i);
    else if (char === "}" && open.length > 0) {
      const start = open.pop()!;
      if (!best || start < best[0]) best = [start, i + 1];
      if (open.length === 0) break;
    }
  }
  return best && text.slice(best[0], best[1]);
}

/** ChatAdapter: every field under a header of its own, `[[ ## name ## ]]` (dspy-semantics 2.2, 2.4). */
import { allowsNone, type Layout, type LayoutField } from "../layout.ts";
import { setOwn } from "../own.ts";
import { ParseError } from "../parse-error.ts";
import { splitlines, strip } from "../python/whitespace.ts";
import { has, type Kit } from "./kit.ts";
import { type CodecOf, FILLED, placeholder, systemText, typeInfo } from "./system.ts";

/** What an output's default stands for. */
export type Otherwise = (field: LayoutField) => unknown;

const DONE = "[[ ## completed ## ]]";
const mark = (name: string): string => `[[ ## ${name} ## ]]`;

export interface ChatKit extends Kit {
  /** As `parse`, from sections found some other way. */
  readSections(sections: readonly (readonly [name: string, text: string])[]): Record<string, unknown>;
}

export function chatKit(layout: Layout, codecOf: CodecOf, otherwise: Otherwise = ({ default: value }) => value): ChatKit {
  const fields = (list: Layout["inputs"]) =>
    list.map((field) => ({ name: field.name, field, codec: codecOf(field), head: `${mark(field.name)}\n` }));
  const inputs = fields(layout.inputs);
  const outputs = fields(layout.outputs);
  const structure = (list: typeof inputs, output: boolean): string =>
    strip(list.map(({ field, codec, head }) => head + placeholder(field, codec, output)).join("\n\n"));
  const request = `Respond with the corresponding output fields, starting with the field ${outputs.map(({ field, codec, name }) => `\`${mark(name)}\`${typeInfo(field, codec)}`).join(", then ")}, and then ending with the marker for \`${DONE}\`.`;
  const byName = new Map(outputs.map((output) => [output.name, output]));
  let system: string | undefined;

  const readSections: ChatKit["readSections"] = (found) => {
    const read = new Map<string, unknown>();
    for (const [name, text] of found) {
      const output = read.has(name) ? undefined : byName.get(name);
      if (output) read.set(name, reading(output.codec, name, text));
    }
    return complete(layout, read, otherwise);
  };

  return {
    layout,
    // At the first message: a type without a schema can be read all the same.
    get system() {
      system ??= systemText(layout, codecOf, `${FILLED}\n\n${structure(inputs, false)}\n\n${structure(outputs, true)}\n\n${DONE}`);
      return system;
    },

    user(values, prefix, main) {
      let text = prefix;
      for (const { name, head, codec } of inputs) if (has(values, name)) text += `${text && "\n\n"}${head}${codec.write(values[name])}`;
      if (main) text += `${text && "\n\n"}${request}`;
      return strip(text);
    },

    assistant(values, missing) {
      const text = outputs
        .map(({ name, head, codec }) => head + (has(values, name) ? codec.write(values[name]) : missing === null ? "None" : missing))
        .join("\n\n");
      return `${strip(text)}\n\n${DONE}\n`;
    },

    parse: (completion) => readSections(sections(completion)),
    readSections,
  };
}

/** The completion's text by header; what stands before the first one is nobody's. */
export function sections(completion: string): [name: string, text: string][] {
  const found: [string, string][] = [];
  let lines: string[] = [];
  let name: string | undefined;
  const end = (): void => {
    if (name !== undefined) found.push([name, strip(lines.join("\n"))]);
  };
  for (const line of splitlines(completion)) {
    const header = line.includes("[[ ## ") ? headerOf(line) : undefined;
    if (header) {
      end();
      name = header.name;
      lines = header.rest ? [header.rest] : [];
    } else if (name !== undefined) lines.push(line);
  }
  end();
  return found;
}

/** Python's `\w`. */
const HEADER = /^\[\[ ## ([\p{L}\p{N}_]+) ## \]\]/u;

/**
 * A header and what follows it on its line. DSPy finds the header in the stripped line and cuts the unstripped one there,
 * so n blanks before the header leave its last n characters in the text. Kept, because prompts tuned on DSPy meet it.
 */
function headerOf(line: string): { name: string; rest: string } | undefined {
  const match = HEADER.exec(strip(line));
  return match ? { name: match[1]!, rest: strip(line.slice(match[0].length)) } : undefined;
}

/** A field's value; a text the codec refuses becomes a `ParseError` that names the field. */
function reading(codec: { read(text: string): unknown }, field: string, text: string): unknown {
  try {
    return codec.read(text);
  } catch (error) {
    if (!(error instanceof Error) || error instanceof ParseError) throw error;
    throw new ParseError(`${field}: ${error.message}`, { field });
  }
}

/** All outputs in the signature's order: what was read, else the default, else None where the type allows it. */
export function complete(layout: Layout, read: ReadonlyMap<string, unknown>, otherwise: Otherwise): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  const missing: string[] = [];
  for (const field of layout.outputs) {
    if (read.has(field.name)) setOwn(values, field.name, read.get(field.name));
    else if (field.default !== undefined) setOwn(values, field.name, otherwise(field));
    else if (allowsNone(field.type)) setOwn(values, field.name, null);
    else missing.push(field.name);
  }
  if (missing.length > 0)
    throw new ParseError(`The completion has no ${missing.map((name) => `\`${name}\``).join(", ")}.`, { missing, parsed: values });
  return values;
}

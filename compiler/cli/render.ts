/** `dspexc render FILE:LINE`: the exact messages a call of that signature would send. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { text as readAll } from "node:stream/consumers";
import { float } from "dspex";
import { type Message, renderMessages } from "dspex/internal";
import type { SignatureIr } from "../4-ir/ir.ts";
import { compileProject, failing } from "../6-bundle/project/project.ts";
import { loadConfig } from "../config/load.ts";
import { position } from "../source.ts";
import type { Command } from "./command.ts";
import { UsageError } from "./failure.ts";
import { printDiagnostics } from "./findings.ts";

const command: Command = {
  about: "Prints the exact messages that a call of the signature at a place would send to the model.",
  examples: [
    ["dspexc render src/triage.ts:12 --inputs inputs.json", "as ChatAdapter writes them"],
    ["dspexc render src/triage.ts:12 --inputs - --adapter json", "inputs from stdin, for JSONAdapter"],
    ["dspexc render src/triage.ts:12 --kind chainOfThought --demos demos.json", "with reasoning and examples"],
  ],
  args: {
    inputs: { type: "string", description: "a JSON file of the inputs, - for stdin", valueHint: "file" },
    demos: { type: "string", description: "a JSON file with a list of examples", valueHint: "file" },
    adapter: { type: "enum", options: ["chat", "json", "xml"], description: "who writes the messages", default: "chat" },
    kind: { type: "enum", options: ["predict", "chainOfThought"], description: "the module that asks", default: "predict" },
  },
  positionals: { name: "file:line", min: 1, max: 1 },
  async run({ args, positionals, output, cwd }) {
    const { path, line } = place(positionals[0]!);
    const { settings } = await loadConfig({ cwd, command: "render", flags: {} });
    const { files, diagnostics } = await compileProject({ cwd, settings, only: [path] });
    if (failing(diagnostics, false)) {
      if (output.json) output.answer({ ok: false, data: null, diagnostics });
      else await printDiagnostics(diagnostics, "text");
      return 1;
    }
    const { spec, slots } = at(
      files.flatMap(({ signatures }) => signatures),
      path,
      line,
    );
    if (slots.length > 0)
      throw new UsageError(
        `${spec.name} has a hole that holds a schema (${slots[0]!.expression}), whose value is not known here.`,
        "Call the module with a scripted model (dspex/testing) and look at meta.messages.",
      );
    const inputs = await json(args.inputs, cwd, "inputs", {});
    const demos = await json(args.demos, cwd, "demos", []);
    if (!isObject(inputs)) throw new UsageError("The inputs are a JSON object of the signature's input fields.");
    if (!Array.isArray(demos) || !demos.every(isObject)) throw new UsageError("The demos are a JSON list of objects.");
    const messages = await renderMessages(spec, inputs, { adapter: args.adapter, kind: args.kind, demos });
    output.answer({ ok: true, data: { signature: spec.name, adapter: args.adapter, messages }, text: messages.map(shown).join("\n") });
    return 0;
  },
};

export default command;

function place(text: string): { readonly path: string; readonly line: number } {
  const [, path, line] = /^(.+):(\d+)$/.exec(text) ?? [];
  if (path === undefined) throw new UsageError(`"${text}" names no place.`, "Write FILE:LINE, for example src/triage.ts:12.");
  return { path, line: Number(line) };
}

/** The signature whose expression covers the line. */
function at(signatures: readonly SignatureIr[], path: string, line: number): SignatureIr {
  const places = signatures.map((ir) => {
    const { text } = ir.site.source.file;
    return { ir, first: position(text, ir.site.span.start).line, last: position(text, ir.site.span.end).line };
  });
  const found = places.find(({ first, last }) => first <= line && line <= last);
  if (found) return found.ir;
  const known = places.map(({ ir, first }) => `${ir.spec.name} at ${first}`).join(", ");
  throw new UsageError(`No signature stands at ${path}:${line}.`, known ? `There are ${known}.` : `There is none in ${path}.`);
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

async function json(file: string | undefined, cwd: string, what: string, otherwise: unknown): Promise<unknown> {
  if (file === undefined) return otherwise;
  const text = file === "-" ? await readAll(process.stdin) : await contents(file, cwd, what);
  try {
    return JSON.parse(text, spelt);
  } catch (error) {
    throw new UsageError(`The ${what} are not JSON: ${(error as Error).message}.`);
  }
}

async function contents(file: string, cwd: string, what: string): Promise<string> {
  try {
    return await readFile(resolve(cwd, file), "utf8");
  } catch (error) {
    throw new UsageError(`The file of the ${what} cannot be read: ${(error as Error).message}.`, `--${what} - reads them from stdin.`);
  }
}

/** Python tells 5.0 from 5 and has no largest int; both print as they are written. */
function spelt(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== "number" || !Number.isInteger(value) || context?.source === undefined) return value;
  if (/[.eE]/.test(context.source)) return float(value);
  return Number.isSafeInteger(value) ? value : BigInt(context.source);
}

function shown({ role, content }: Message): string {
  return `--- ${role}\n${typeof content === "string" ? content : JSON.stringify(content, null, 2)}\n`;
}

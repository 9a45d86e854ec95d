/** What a command is: its arguments in citty's form, words for help, and work that returns an exit code. */
import type { ArgDef } from "citty";
import type { Output } from "./output.ts";

export interface Command {
  /** One sentence. */
  readonly about: string;
  /** Shown first, each with what it does. */
  readonly examples: readonly (readonly [command: string, what: string])[];
  readonly args: Readonly<Record<string, ArgDef>>;
  /** Positional words: how many, and what they are called in the usage line. */
  readonly positionals?: { readonly name: string; readonly min?: number; readonly max: number };
  readonly run: (call: Call) => Promise<number> | number;
}

export interface Call {
  /** As parsed by citty: a flag that was not given is absent. */
  readonly args: Readonly<Record<string, any>>;
  readonly positionals: readonly string[];
  readonly output: Output;
  readonly cwd: string;
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Every command takes these. */
export const commonArgs: Readonly<Record<string, ArgDef>> = {
  json: { type: "boolean", description: "one JSON document on stdout" },
  cwd: { type: "string", description: "work in this folder", valueHint: "folder" },
};

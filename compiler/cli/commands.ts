/** The commands, with one line each: enough for `--help`, which loads none of them. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Command } from "./command.ts";

export interface CommandEntry {
  readonly summary: string;
  readonly load: () => Promise<{ readonly default: Command }>;
}

export const commands: Readonly<Record<string, CommandEntry>> = {
  generate: { summary: "write dspex.gen: types and compiled signatures", load: () => import("./generate.ts") },
  check: { summary: "report every mistake in every signature", load: () => import("./check.ts") },
  parse: { summary: "signature text on stdin, its IR on stdout", load: () => import("./parse.ts") },
  render: { summary: "the exact messages of a signature at FILE:LINE", load: () => import("./render.ts") },
  init: { summary: "set a project up", load: () => import("./init.ts") },
  doctor: { summary: "look for what will go wrong", load: () => import("./doctor.ts") },
  "python sync": { summary: "install the Python side", load: () => import("./python-sync.ts") },
  explain: { summary: "what a diagnostic's code means", load: () => import("./explain.ts") },
  config: { summary: "the configuration, and where each value came from", load: () => import("./config.ts") },
  completions: { summary: "shell completions", load: () => import("./completions.ts") },
};

/** First words that are no commands by themselves. */
export const groups: readonly string[] = [
  ...new Set(
    Object.keys(commands)
      .filter((name) => name.includes(" "))
      .map((name) => name.split(" ")[0]!),
  ),
];

/** Whether a bare `dspexc` has something to generate from: a tsconfig or package.json here or above. */
export function inProject(cwd: string): boolean {
  for (let at = cwd; ; at = dirname(at)) {
    if (existsSync(join(at, "tsconfig.json")) || existsSync(join(at, "package.json"))) return true;
    if (dirname(at) === at) return false;
  }
}

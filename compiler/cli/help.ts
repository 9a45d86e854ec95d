/** Help: examples first. */
import type { ArgDef } from "citty";
import { type Command, commonArgs } from "./command.ts";
import { commands } from "./commands.ts";

export function mainHelp(): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  return [
    "dspexc compiles DSPy signatures written in TypeScript.",
    "",
    "  dspexc                 write dspex.gen for this project",
    "  dspexc check           report every mistake, with its place and what to do",
    "  dspexc init            set a project up",
    "",
    "Commands",
    ...Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`),
    "",
    "dspexc <command> --help shows a command's flags. --json prints data, --debug a stack.",
    "Exit codes: 0 fine, 1 findings, 2 usage or configuration, 3 environment, 4 a bug of ours, 130 interrupted.",
    "",
  ].join("\n");
}

export function commandHelp(name: string, command: Command): string {
  const rows = Object.entries({ ...command.args, ...commonArgs }).map(
    ([flag, definition]) => [flagText(flag, definition), definition.description ?? ""] as const,
  );
  const width = Math.max(...rows.map(([flag]) => flag.length));
  const examples = command.examples.map(([example]) => example.length);
  const wide = Math.max(0, ...examples);
  const usage = command.positionals
    ? ` ${(command.positionals.min ?? 0) > 0 ? `<${command.positionals.name}>` : `[${command.positionals.name}]`}`
    : "";
  return [
    command.about,
    "",
    ...command.examples.map(([example, what]) => `  ${example.padEnd(wide)}  ${what}`),
    "",
    `Usage: dspexc ${name}${usage} [flags]`,
    "",
    ...rows.map(([flag, what]) => `  ${flag.padEnd(width)}  ${what}`),
    "",
  ].join("\n");
}

function flagText(flag: string, definition: ArgDef): string {
  if (definition.type === "boolean") return `--${flag}`;
  const options = "options" in definition && definition.options ? definition.options.join("|") : (definition.valueHint ?? "value");
  return `--${flag} <${options}>`;
}

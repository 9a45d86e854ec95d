/** `dspexc`: one file a command, loaded when it is called. Exit codes: 0 fine, 1 findings, 2 usage or configuration, 3 environment, 4 our bug, 130 interrupted. */

import { didYouMean } from "../diagnostics/suggest.ts";
import { commands, groups, inProject } from "./commands.ts";
import { exitCode, explain, UsageError } from "./failure.ts";
import { commandHelp, mainHelp } from "./help.ts";

export async function main(argv: readonly string[]): Promise<number> {
  const debug = argv.includes("--debug");
  const args = argv.filter((arg) => arg !== "--debug");
  const json = args.includes("--json");
  try {
    if (args[0] === "--version" || args[0] === "-v") return await (await import("./version.ts")).printVersion(json);
    if (args[0] === "--help" || args[0] === "-h") return print(mainHelp());
    if (args.length === 0 && !inProject(process.cwd())) return print(mainHelp());
    if (args[0] === "complete") return await (await import("./completions.ts")).complete(args.slice(args.indexOf("--") + 1));
    if (args[0] === "help") return await help(args.slice(1));
    const { name, rest } = choose(args);
    if (rest.includes("--help") || rest.includes("-h")) return await help(name.split(" "));
    const { run } = await import("./run.ts");
    return await run((await commands[name]!.load()).default, name, rest);
  } catch (error) {
    return explain(error, { debug, json });
  }
}

/** The command and what follows it; without one, `generate`. */
function choose(args: readonly string[]): { name: string; rest: readonly string[] } {
  const [first, second] = args;
  if (first === undefined || first.startsWith("-")) return { name: "generate", rest: args };
  if (groups.includes(first)) {
    const name = `${first} ${second ?? ""}`;
    if (Object.hasOwn(commands, name)) return { name, rest: args.slice(2) };
    const members = Object.keys(commands)
      .filter((command) => command.startsWith(`${first} `))
      .map((command) => command.slice(first.length + 1));
    throw new UsageError(
      `dspexc ${first} needs one of: ${members.join(", ")}.`,
      second === undefined ? undefined : didYouMean(second, members),
    );
  }
  if (Object.hasOwn(commands, first)) return { name: first, rest: args.slice(1) };
  throw new UsageError(
    `Unknown command "${first}".`,
    didYouMean(first, [...Object.keys(commands), ...groups]) ?? "dspexc --help lists the commands.",
  );
}

async function help(words: readonly string[]): Promise<number> {
  if (words.length === 0) return print(mainHelp());
  const { name } = choose(words);
  return print(commandHelp(name, (await commands[name]!.load()).default));
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

// `dspexc check | head`: who closes the pipe has read enough.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit();
  });
}

process.exitCode = await main(process.argv.slice(2)).catch((error) => exitCode(error));

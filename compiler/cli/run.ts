/** Runs one command: arguments by citty, unknown flags refused, Ctrl-C heard. */
import { type ArgDef, parseArgs } from "citty";
import { didYouMean } from "../diagnostics/suggest.ts";
import { type Command, commonArgs } from "./command.ts";
import { UsageError } from "./failure.ts";
import { createOutput } from "./output.ts";

export async function run(command: Command, name: string, raw: readonly string[]): Promise<number> {
  const definitions = { ...commonArgs, ...command.args };
  refuseUnknown(raw, definitions);
  const args = read(raw, definitions);
  const positionals = args._;
  const { min = 0, max = 0, name: what = "argument" } = command.positionals ?? {};
  if (positionals.length > max)
    throw new UsageError(`dspexc ${name} takes ${max === 0 ? "no arguments" : `at most ${max}`}; "${positionals[max]}" is one too many.`);
  if (positionals.length < min) throw new UsageError(`dspexc ${name} needs ${what}.`, `dspexc ${name} --help shows how.`);
  const interrupted = new AbortController();
  const stop = () => interrupted.abort();
  process.once("SIGINT", stop);
  try {
    const output = createOutput({ json: args.json === true });
    const code = await command.run({
      args,
      positionals,
      output,
      cwd: typeof args.cwd === "string" ? args.cwd : process.cwd(),
      signal: interrupted.signal,
    });
    return interrupted.signal.aborted && code === 0 ? 130 : code;
  } finally {
    process.removeListener("SIGINT", stop);
  }
}

function read(raw: readonly string[], definitions: Readonly<Record<string, ArgDef>>): ReturnType<typeof parseArgs> {
  try {
    return parseArgs([...raw], definitions as Record<string, ArgDef>);
  } catch (error) {
    // citty colours its words; ours are plain.
    throw new UsageError((error as Error).message.replace(/\u001B\[\d+m/g, ""));
  }
}

function refuseUnknown(raw: readonly string[], definitions: Readonly<Record<string, ArgDef>>): void {
  const known = Object.keys(definitions);
  const letters = Object.values(definitions).flatMap((definition) => ("alias" in definition ? [definition.alias ?? []].flat() : []));
  for (let i = 0; i < raw.length; i++) {
    const arg = raw[i]!;
    if (arg === "--") return;
    if (!arg.startsWith("-") || arg === "-") continue;
    const [flag = ""] = arg.replace(/^-{1,2}/, "").split("=");
    const negated = flag.replace(/^no-/, "");
    const definition = definitions[flag] ?? definitions[negated];
    if (!definition && !letters.includes(flag)) {
      throw new UsageError(
        `Unknown flag "${arg.split("=")[0]}".`,
        didYouMean(flag, known)?.replace(/`(.+)`/, "--$1") ?? `Known flags: ${known.map((name) => `--${name}`).join(", ")}.`,
      );
    }
    if (definition && definition.type !== "boolean" && !arg.includes("=")) {
      if (raw[i + 1] === undefined || raw[i + 1]!.startsWith("--")) throw new UsageError(`--${flag} needs a value.`);
      i++;
    }
  }
}

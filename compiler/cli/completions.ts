/** `dspexc completions SHELL` prints a script to source; it asks `dspexc complete -- words`, so the answers are always current. */
import { RootCommand } from "@bomb.sh/tab";
import { codes } from "../diagnostics/codes.ts";
import type { Command } from "./command.ts";
import { commands } from "./commands.ts";
import { UsageError } from "./failure.ts";

const SHELLS: readonly string[] = ["zsh", "bash", "fish", "powershell"];

const command: Command = {
  about: "Prints completions for a shell.",
  examples: [
    ["source <(dspexc completions zsh)", "in ~/.zshrc"],
    ["source <(dspexc completions bash)", "in ~/.bashrc"],
    ["dspexc completions fish | source", "in config.fish"],
  ],
  args: {},
  positionals: { name: SHELLS.join("|"), min: 1, max: 1 },
  async run({ positionals: [shell = ""] }) {
    if (!SHELLS.includes(shell)) throw new UsageError(`No completions for "${shell}".`, `There are: ${SHELLS.join(", ")}.`);
    (await describe()).setup("dspexc", "dspexc", shell);
    return 0;
  },
};

export default command;

/** Answers the script: the words typed so far, the last one unfinished. */
export async function complete(words: readonly string[]): Promise<number> {
  (await describe()).parse([...words]);
  return 0;
}

async function describe(): Promise<RootCommand> {
  const root = new RootCommand();
  for (const [name, { summary, load }] of Object.entries(commands)) {
    const command = root.command(name, summary);
    for (const [flag, definition] of Object.entries((await load()).default.args)) {
      const options = "options" in definition && definition.options ? definition.options : [];
      command.option(flag, definition.description ?? "", (complete) => {
        for (const option of options) complete(String(option), "");
      });
    }
    if (name === "completions") command.argument("shell", (complete) => SHELLS.forEach((shell) => void complete(shell, "")));
    if (name === "explain") {
      command.argument("code", (complete) => {
        for (const [code, { explanation }] of Object.entries(codes)) complete(code, explanation.split(/(?<=\.)\s/)[0]!);
      });
    }
  }
  return root;
}

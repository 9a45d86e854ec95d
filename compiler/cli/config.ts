/** `dspexc config`: what holds here, and who said so. */
import { relative } from "node:path";
import { loadConfig } from "../config/load.ts";
import type { Command } from "./command.ts";

const command: Command = {
  about: "Prints the configuration with the source of every value: a flag, the environment, the file or a default.",
  examples: [
    ["dspexc config", "as a table"],
    ["dspexc config --json", "as data"],
  ],
  args: {},
  async run({ cwd, output }) {
    const { settings, sources, file } = await loadConfig({ cwd, command: "config" });
    const shown = (source: string) => (source === file ? relative(cwd, source) || source : source);
    const rows = Object.entries(settings).map(([key, value]) => ({ key, value: value ?? null, source: shown(sources[key] ?? "default") }));
    const width = Math.max(...rows.map((row) => row.key.length));
    const text = rows.map((row) => `${row.key.padEnd(width)}  ${JSON.stringify(row.value)}  (${row.source})`).join("\n");
    output.answer({
      ok: true,
      data: {
        file: file === undefined ? null : relative(cwd, file),
        values: Object.fromEntries(rows.map(({ key, value, source }) => [key, { value, source }])),
      },
      text,
    });
    return 0;
  },
};

export default command;

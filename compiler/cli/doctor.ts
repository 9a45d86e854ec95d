/** `dspexc doctor`: looks for what will go wrong, and says how to mend it. */
import type { Command } from "./command.ts";
import { type Check, checks } from "./doctor-checks.ts";

const MARKS: Readonly<Record<Check["status"], string>> = { ok: "ok  ", warn: "warn", fail: "FAIL" };

const command: Command = {
  about:
    "Checks Node, TypeScript, tsconfig, dspex.gen, duplicate packages, the bundler's plugins and Python; each finding with its remedy.",
  examples: [
    ["dspexc doctor", "as a table"],
    ["dspexc doctor --json", "as data"],
  ],
  args: {},
  async run({ cwd, output }) {
    const found = await checks(cwd);
    const width = Math.max(...found.map((check) => check.name.length));
    const paint = { ok: output.colors.green, warn: output.colors.yellow, fail: output.colors.red };
    const text = found
      .map(
        ({ name, status, detail, fix }) =>
          `${paint[status](MARKS[status])}  ${name.padEnd(width)}  ${detail}${fix ? `\n${" ".repeat(width + 8)}-> ${fix}` : ""}`,
      )
      .join("\n");
    const failed = found.filter((check) => check.status === "fail");
    output.answer({ ok: failed.length === 0, data: found, text });
    if (failed.length === 0) return 0;
    return failed.some((check) => check.kind === "environment") ? 3 : failed.some((check) => check.kind === "configuration") ? 2 : 1;
  },
};

export default command;

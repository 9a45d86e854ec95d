/** `dspexc init`: sets a project up, shows what it would write first, and does nothing twice. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Command } from "./command.ts";
import { UsageError } from "./failure.ts";
import { nextSteps, planInit, surroundings } from "./init-plan.ts";

const command: Command = {
  about: "Sets a project up: a configuration, an example signature, scripts and ignore lines. Shows every change before it writes.",
  examples: [
    ["dspexc init", "asks before writing"],
    ["dspexc init --yes", "writes at once (for scripts)"],
  ],
  args: {
    yes: { type: "boolean", description: "do not ask" },
    example: { type: "boolean", description: "write an example signature (default; --no-example leaves it out)", default: true },
  },
  async run({ args, cwd, output, signal }) {
    const around = surroundings(cwd);
    const plan = planInit(around, { example: args.example !== false });
    const steps = nextSteps(around);
    if (plan.length === 0) {
      output.answer({
        ok: true,
        data: { changed: [], next: steps },
        text: `Already set up. Next:\n${steps.map((step) => `  ${step}`).join("\n")}`,
      });
      return 0;
    }
    if (!output.json) {
      const { createTwoFilesPatch } = await import("diff");
      for (const { path, before, after } of plan)
        process.stdout.write(
          `${createTwoFilesPatch(path, path, before, after, before ? "now" : "new", "after")
            .split("\n")
            .slice(1)
            .join("\n")}\n`,
        );
    }
    if (!args.yes) {
      if (output.json || !process.stdin.isTTY || process.env.CI)
        throw new UsageError("There is nobody to ask here.", "Say --yes to write these changes.");
      const { confirm, isCancel } = await import("@clack/prompts");
      const answer = await confirm({ message: `Write ${plan.length} file${plan.length === 1 ? "" : "s"}?`, signal });
      if (isCancel(answer)) return 130;
      if (!answer) return 0;
    }
    for (const { path, after } of plan) {
      const target = join(around.root, path);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, after);
    }
    output.answer({
      ok: true,
      data: { changed: plan.map(({ path }) => path), next: steps },
      text: `Wrote ${plan.map(({ path }) => path).join(", ")}.\n\nNext:\n${steps.map((step) => `  ${step}`).join("\n")}`,
    });
    return 0;
  },
};

export default command;

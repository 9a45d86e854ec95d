/** `dspexc parse`: signature text on stdin, its IR on stdout. */
import { text as readAll } from "node:stream/consumers";
import { failing } from "../6-bundle/project/project.ts";
import { compileText } from "../compile.ts";
import type { Command } from "./command.ts";
import { printDiagnostics } from "./findings.ts";

const command: Command = {
  about: "Reads a signature's text from stdin and prints what the compiler makes of it.",
  examples: [
    ["echo 'question -> answer: int' | dspexc parse", "as text"],
    ["echo 'question -> answer: int' | dspexc parse --format json", "as the JSON that generated code carries"],
  ],
  args: { format: { type: "enum", options: ["text", "json"], description: "how the answer is written", default: "text" } },
  async run({ args, output }) {
    const source = (await readAll(process.stdin)).replace(/\r?\n$/, "");
    const json = output.json || args.format === "json";
    const { value, diagnostics } = compileText(source);
    const failed = value === undefined || failing(diagnostics, false);
    if (json) {
      const { diagnosticRow } = await import("./format.ts");
      process.stdout.write(
        `${JSON.stringify({ schema: 1, ok: !failed, data: failed ? null : value.spec, diagnostics: diagnostics.map(diagnosticRow) })}\n`,
      );
    } else {
      await printDiagnostics(diagnostics, "text");
      if (!failed) process.stdout.write((await import("../4-ir/print.ts")).printIr(value));
    }
    return failed ? 1 : 0;
  },
};

export default command;

/** `dspexc explain CODE`: the catalogue, offline. */
import { codes } from "../diagnostics/codes.ts";
import { didYouMean } from "../diagnostics/suggest.ts";
import type { Command } from "./command.ts";
import { UsageError } from "./failure.ts";

const command: Command = {
  about: "Says what a diagnostic's code means and what to do about it. Without a code, lists them.",
  examples: [
    ["dspexc explain unknown_type", "one code"],
    ["dspexc explain", "all codes"],
  ],
  args: {},
  positionals: { name: "code", max: 1 },
  run({ positionals, output }) {
    const [code] = positionals;
    const catalogue: Readonly<Record<string, { readonly severity: string; readonly explanation: string }>> = codes;
    if (code === undefined) {
      const list = Object.entries(catalogue).map(([name, { severity, explanation }]) => ({ code: name, severity, explanation }));
      const width = Math.max(...list.map((entry) => entry.code.length));
      output.answer({
        ok: true,
        data: list,
        text: list.map((entry) => `${entry.code.padEnd(width)}  ${entry.explanation.split(/(?<=\.)\s/)[0]}`).join("\n"),
      });
      return 0;
    }
    if (!Object.hasOwn(catalogue, code))
      throw new UsageError(`There is no code "${code}".`, didYouMean(code, Object.keys(catalogue)) ?? "dspexc explain lists them.");
    const { severity, explanation } = catalogue[code]!;
    output.answer({ ok: true, data: { code, severity, explanation }, text: `${code} (${severity})\n\n${explanation}` });
    return 0;
  },
};

export default command;

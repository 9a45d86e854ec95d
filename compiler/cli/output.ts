/** stdout carries the answer, stderr the talk; with --json the answer is one document and there is no talk. */
import colors from "picocolors";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { diagnosticRow } from "./format.ts";

export interface Output {
  readonly json: boolean;
  /** Ends a command: the document with --json, else `text` on stdout. */
  answer(result: {
    readonly ok: boolean;
    readonly data: unknown;
    readonly diagnostics?: readonly Diagnostic[];
    readonly text?: string;
  }): void;
  /** A line for people. */
  say(line: string): void;
  readonly colors: typeof colors;
}

export function createOutput({ json }: { readonly json: boolean }): Output {
  return {
    json,
    colors: json ? (colors.createColors(false) as typeof colors) : colors,
    answer({ ok, data, diagnostics = [], text }) {
      if (json) process.stdout.write(`${JSON.stringify({ schema: 1, ok, data, diagnostics: diagnostics.map(diagnosticRow) })}\n`);
      else if (text) process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
    },
    say(line) {
      if (!json) process.stderr.write(`${line}\n`);
    },
  };
}

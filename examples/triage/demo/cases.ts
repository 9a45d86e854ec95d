/** The messages: some are worked examples for the prompt, the others are the cases. */
import { readFile } from "node:fs/promises";
import type { Example } from "../triage.ts";

export interface Case {
  readonly id: string;
  readonly message: string;
  readonly label: Example["label"];
}

interface Row extends Case {
  readonly demo?: Omit<Example, "message" | "label">;
}

export async function readCases(limit: number): Promise<{ cases: readonly Case[]; examples: readonly Example[] }> {
  const text = await readFile(new URL("../data/messages.jsonl", import.meta.url), "utf8");
  const rows = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Row);
  return {
    cases: rows.filter((row) => !row.demo).slice(0, limit),
    examples: rows.flatMap(({ message, label, demo }) => (demo ? [{ message, label, ...demo }] : [])),
  };
}

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runCorpus } from "./corpus.ts";

const rows = new URL("rows/", import.meta.url).pathname;

test("every public row agrees with DSPy", async () => {
  const results = await runCorpus(rows);
  expect(Object.entries(results).map(([name, { total, passed }]) => [name, total, passed])).toEqual([
    ["metrics", 175, 175],
    ["parses", 350, 350],
    ["prompts", 447, 447],
    ["signatures", 1182, 1182],
  ]);
}, 60_000);

test("a row that disagrees fails, by its id: one byte of a prompt, one type of a value, one prefix", async () => {
  const folder = mkdtempSync(join(tmpdir(), "conformance-"));
  try {
    const first = (file: string, where: (row: { ok: boolean; result?: { answer?: unknown } }) => boolean) =>
      readFileSync(join(rows, file), "utf8")
        .split("\n")
        .filter(Boolean)
        .map((line) => [line, JSON.parse(line)] as const)
        .find(([, row]) => where(row))!;
    const [prompt, { id: promptId }] = first("prompts.jsonl", () => true);
    const [parse, { id: parseId }] = first("parses.jsonl", (row) => row.result?.answer === 3);
    const [signature, { id: signatureId }] = first("signatures.jsonl", (row) => row.ok);
    writeFileSync(join(folder, "prompts.jsonl"), `${prompt}\n${prompt.replace("Your input fields", "Your  input fields")}\n`);
    writeFileSync(join(folder, "parses.jsonl"), `${parse}\n${parse.replace('"answer": "int"', '"answer": "float"')}\n`);
    writeFileSync(join(folder, "signatures.jsonl"), `${signature}\n${signature.replace(/"prefix": "[^"]+"/, '"prefix": "Other:"')}\n`);
    writeFileSync(join(folder, "unknown.jsonl"), '{"id": "x"}\n');
    const results = await runCorpus(folder);
    const failed = Object.fromEntries(
      Object.entries(results).map(([name, { total, failures }]) => [name, [total, failures.map(({ id }) => id)]]),
    );
    expect(failed).toEqual({ prompts: [2, [promptId]], parses: [2, [parseId]], signatures: [2, [signatureId]], unknown: [1, ["x"]] });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** Runs every `*.jsonl` of a folder shaped like the public corpus; a file is known by its name's beginning. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { SignatureSpec } from "../../runtime/spec.ts";
import { type Json, readJson, record } from "./json.ts";
import type { ParseSignature } from "./layout.ts";
import { metricRow } from "./metrics.ts";
import { parseRow } from "./parses.ts";
import { promptRow } from "./prompts.ts";
import { signatureRow } from "./signatures.ts";

interface Failure {
  readonly id: string;
  readonly reason: string;
}
export interface FileResult {
  readonly total: number;
  readonly passed: number;
  readonly failures: readonly Failure[];
}
type RowCheck = (row: Record<string, Json>) => string | undefined;

export async function runCorpus(folder: string): Promise<Record<string, FileResult>> {
  const results: Record<string, FileResult> = {};
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith(".jsonl"))
    .sort()) {
    const name = basename(file, ".jsonl");
    results[name] = runFile(readFileSync(join(folder, file), "utf8"), await checkOf(name));
  }
  return results;
}

function runFile(text: string, check: RowCheck | undefined): FileResult {
  const failures: Failure[] = [];
  let total = 0;
  for (const [i, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    total++;
    let id = `line ${i + 1}`;
    let reason: string | undefined;
    try {
      const row = record(readJson(line));
      id = String(row.id ?? id);
      reason = check ? check(row) : "no check for a file of this name";
    } catch (error) {
      reason = `threw ${error instanceof Error ? error.message : String(error)}`;
    }
    if (reason !== undefined) failures.push({ id, reason });
  }
  return { total, passed: total - failures.length, failures };
}

async function checkOf(name: string): Promise<RowCheck | undefined> {
  if (name.startsWith("signatures")) return withParser((row, parse) => signatureRow(row, parse));
  if (name.startsWith("prompts")) return withParser(promptRow);
  if (name.startsWith("parses")) return withParser(parseRow);
  if (name.startsWith("metrics")) return metricRow;
  return undefined;
}

async function withParser(check: (row: Record<string, Json>, parse: ParseSignature) => string | undefined): Promise<RowCheck> {
  // Not compiler/index.ts: that entry imports "dspex/internal", which from here would be the build and not the sources.
  const { compileText } = (await load("../../compiler/compile.ts")) as {
    compileText: (text: string) => { value: { spec: SignatureSpec } | undefined };
  };
  const signature: ParseSignature = (text) => compileText(text).value?.spec;
  return (row) => check(row, signature);
}

const load = (path: string): Promise<unknown> => import(pathToFileURL(join(import.meta.dirname, path)).href);

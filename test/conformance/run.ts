/** `npm run conformance -- DIR [--json]`: every row of a folder, totals, and the ids that fail. Exit 1 on any failure. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runCorpus } from "./corpus.ts";

const { values, positionals } = parseArgs({ options: { json: { type: "boolean", default: false } }, allowPositionals: true });
const folder = positionals[0] ?? join(import.meta.dirname, "rows");
if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
  process.stderr.write(`${folder} is no folder. Usage: npm run conformance -- DIR [--json]\n`);
  process.exit(2);
}

const results = await runCorpus(folder);
if (values.json) {
  const totals = Object.entries(results).map(([name, { total, passed, failures }]) => [
    name,
    { total, passed, failed: failures.map(({ id }) => id) },
  ]);
  process.stdout.write(`${JSON.stringify(Object.fromEntries(totals))}\n`);
} else {
  for (const [name, { total, passed, failures }] of Object.entries(results)) {
    process.stdout.write(`${name}: ${passed} of ${total}\n`);
    for (const { id, reason } of failures)
      process.stdout.write(`  ${id}: ${reason.length > 400 ? `${reason.slice(0, 397)}...` : reason}\n`);
  }
}
process.exitCode = Object.values(results).some(({ failures }) => failures.length > 0) ? 1 : 0;

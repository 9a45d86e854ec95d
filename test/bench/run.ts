/** `npm run bench -- [--json] [--only NAME]`: every row in `rows/`, one after the other, in the order of their names. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { execa } from "execa";
import type { Benchmark, Row } from "./harness.ts";

const here = fileURLToPath(new URL(".", import.meta.url));

function usage(message: string): never {
  process.stderr.write(`${message}\nusage: npm run bench -- [--json] [--only NAME]...\n`);
  process.exit(2);
}

function options(): { json: boolean; only: string[] } {
  try {
    const { values } = parseArgs({
      options: { json: { type: "boolean", default: false }, only: { type: "string", multiple: true, default: [] } },
    });
    return { json: values.json, only: values.only.flatMap((names) => names.split(",")) };
  } catch (error) {
    usage((error as Error).message);
  }
}

async function discover(): Promise<Benchmark[]> {
  const found: Benchmark[] = [];
  for (const file of readdirSync(`${here}rows`).sort()) {
    if (!file.endsWith(".ts")) continue;
    const { default: exported } = (await import(`./rows/${file}`)) as { default: Benchmark | readonly Benchmark[] };
    found.push(...[exported].flat());
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Peers are no dependency of the project: they are installed here, the first time a bench is run. */
async function installPeers(): Promise<void> {
  const wanted = Object.keys((JSON.parse(readFileSync(`${here}package.json`, "utf8")) as { dependencies?: object }).dependencies ?? {});
  if (wanted.every((name) => existsSync(`${here}node_modules/${name}/package.json`))) return;
  process.stderr.write(`installing the peers: ${wanted.join(", ")}\n`);
  const { failed, stderr } = await execa("npm", ["install", "--no-audit", "--no-fund", "--no-progress", "--ignore-scripts", "--no-save"], {
    cwd: here,
    reject: false,
    stdin: "ignore",
  });
  if (failed) process.stderr.write(`the peers could not be installed; their rows will say so\n${stderr}\n`);
}

async function measured(benchmark: Benchmark): Promise<Row> {
  try {
    return await benchmark.run();
  } catch (error) {
    const note = error instanceof Error ? error.message : String(error);
    return { name: benchmark.name, ours: Number.NaN, limit: null, peers: {}, ratio: Number.NaN, goal: benchmark.goal, ok: false, note };
  }
}

function line(row: Row): string {
  const unit = row.unit ? ` ${row.unit}` : "";
  const beside = [
    ...(row.limit === null ? [] : [`limit ${row.limit}${unit}`]),
    ...Object.entries(row.peers).map(([name, figure]) => `${name} ${figure ?? "-"}`),
  ];
  return `${row.ok ? "ok  " : "MISS"} ${row.name.padEnd(24)} ${String(row.ours).padStart(9)}${unit}  x${row.ratio}  goal ${row.goal}  [${beside.join(", ")}]${row.note ? `  ${row.note}` : ""}`;
}

const { json, only } = options();
const all = await discover();
const unknown = only.filter((name) => !all.some((benchmark) => benchmark.name === name));
if (unknown.length > 0) usage(`no row is named ${unknown.join(", ")}; there are ${all.map((benchmark) => benchmark.name).join(", ")}`);
await installPeers();
const rows: Row[] = [];
for (const benchmark of all.filter(({ name }) => only.length === 0 || only.includes(name))) {
  if (!json) process.stderr.write(`${benchmark.name} ...\n`);
  const row = await measured(benchmark);
  rows.push(row);
  if (!json) process.stdout.write(`${line(row)}\n`);
}
if (json) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
process.exit(rows.every((row) => row.ok) ? 0 : 1);

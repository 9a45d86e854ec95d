/** `npm run chaos -- [--json] [--only N]... [--long]`: scenarios 1 to 38, one after the other; with `--long` also 39 and 40. */
import { parseArgs } from "node:util";
import { runScenario, scenarioFiles } from "./harness/runner.ts";
import type { Form, Row } from "./harness/scenario.ts";

const USAGE = "usage: npm run chaos -- [--json] [--only N[,N]]... [--long | --short]";

function usage(message: string): never {
  process.stderr.write(`${message}\n${USAGE}\n`);
  process.exit(2);
}

function options(): { json: boolean; form: Form; only: number[] } {
  try {
    const { values } = parseArgs({
      options: {
        json: { type: "boolean", default: false },
        only: { type: "string", multiple: true, default: [] },
        long: { type: "boolean", default: false },
        short: { type: "boolean", default: false },
      },
    });
    return {
      json: values.json,
      form: values.long ? "long" : values.short ? "short" : "ci",
      only: values.only.flatMap((numbers) => numbers.split(",").map(Number)),
    };
  } catch (error) {
    usage((error as Error).message);
  }
}

function line({ scenario, name, pass, figure, unit, note, skipped }: Row): string {
  const state = skipped ? "skip" : pass ? "ok  " : "FAIL";
  const value = `${Number(figure.toPrecision(4))} ${unit ?? ""}`;
  return `${state} ${String(scenario).padStart(2)} ${name.padEnd(58)} ${value.padStart(14)}  ${skipped ?? note ?? ""}`.trimEnd();
}

// `npm run chaos | head` closes the pipe.
process.stdout.on("error", () => process.exit(1));

const { json, form, only } = options();
const files = scenarioFiles();
const unknown = only.filter((number) => !files.some((file) => file.scenario === number));
if (unknown.length > 0) usage(`there is no scenario ${unknown.join(", ")}; they are numbered 1 to ${files.at(-1)?.scenario}`);
if (process.platform !== "linux") usage("the scenarios judge by /proc: they run on Linux");

/** The faults have the numbers 1 to 38; what follows (the soak, the escapes) belongs to the long form and the tests. */
const FAULTS = 38;
const rows: Row[] = [];
for (const { scenario, file } of files) {
  if (only.length > 0 ? !only.includes(scenario) : scenario > FAULTS && form !== "long") continue;
  const row = await runScenario(file, form);
  rows.push(row);
  if (!json) process.stdout.write(`${line(row)}\n`);
}
if (json) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
else process.stdout.write(`${rows.filter((row) => row.pass).length} of ${rows.length} pass\n`);
process.exitCode = rows.every((row) => row.pass || row.skipped) ? 0 : 1;

/** Runs one scenario: in its own process, in its own folder, bounded in time, with nothing left behind. */
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { marked } from "./proc.ts";
import type { Form, Row, Scenario } from "./scenario.ts";
import { until } from "./settle.ts";

const here = fileURLToPath(new URL("../", import.meta.url));
const LIMIT = { short: 60, ci: 120, long: 600 };

export function scenarioFiles(): { scenario: number; file: string }[] {
  return readdirSync(join(here, "scenarios"))
    .filter((name) => /^\d\d-.*\.ts$/.test(name))
    .sort()
    .map((name) => ({ scenario: Number(name.slice(0, 2)), file: join(here, "scenarios", name) }));
}

export async function runScenario(file: string, form: Form): Promise<Row> {
  const scenario = (await import(file)) as Scenario;
  const seconds = scenario.limit?.[form] ?? LIMIT[form];
  // Short, because a Unix socket's path holds 107 bytes at most.
  const folder = mkdtempSync(join(tmpdir(), "chaos-"));
  try {
    const row = await inChild(scenario, file, form, folder, seconds);
    const left = await leftovers(folder);
    if (left.length === 0) return row;
    return { ...row, pass: false, note: [`left behind: ${left.join(", ")}`, row.note].filter(Boolean).join("; ") };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function inChild(scenario: Scenario, file: string, form: Form, folder: string, seconds: number): Promise<Row> {
  const begun = performance.now();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ["--expose-gc", join(here, "run-one.ts"), file, form], {
      stdio: ["ignore", "pipe", process.env.CHAOS_STDERR ? "inherit" : "ignore"],
      env: { ...process.env, TMPDIR: folder, NODE_NO_WARNINGS: "1" },
    });
    let said = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    const timer = setTimeout(() => child.kill("SIGKILL"), seconds * 1000);
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      const line = said.trimEnd().split("\n").at(-1) ?? "";
      if (line.startsWith("{")) return resolve(JSON.parse(line) as Row);
      const figure = (performance.now() - begun) / 1000;
      resolve({
        scenario: scenario.scenario,
        name: scenario.name,
        pass: false,
        figure,
        unit: "s",
        note:
          figure >= seconds
            ? `no verdict after ${seconds} s`
            : `the scenario's process ended without a verdict (${signal ?? `exit code ${code}`})`,
      });
    });
  });
}

/** What still runs a second after the scenario's process has ended; it is ended here, so that the next one starts clean. */
async function leftovers(folder: string): Promise<string[]> {
  await until(1000, () => marked(folder).length === 0, 20);
  const left = marked(folder);
  for (const { pid } of left) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended by itself meanwhile.
    }
  }
  return left.map(({ pid, name }) => `${basename(name)} ${pid}`);
}

/** `timeout`, `head` and `tee` around a script with a pool: it ends, with the right status, and leaves nothing. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { type Context, FIXTURES } from "../harness/context.ts";
import { marked } from "../harness/proc.ts";
import { Findings, type Verdict } from "../harness/scenario.ts";
import { until } from "../harness/settle.ts";

export const scenario = 20;
export const name = "timeout, head and tee around a script";

export async function run(context: Context): Promise<Verdict> {
  const findings = new Findings(context.form);
  const program = `${process.execPath} ${join(FIXTURES, "hosts", "talker.ts")}`;
  const cases: readonly [label: string, command: string, status: string][] = [
    ["head closes the pipe", `${program} 100000 | head -n 3 > /dev/null; echo "\${PIPESTATUS[0]}"`, "5"],
    ["tee passes all on", `${program} 50 | tee /dev/null > /dev/null; echo "\${PIPESTATUS[0]}"`, "7"],
    ["timeout sends SIGTERM", `timeout 2 ${program} 100000000 > /dev/null; echo $?`, "124"],
    ["timeout sends SIGKILL", `timeout -s KILL 2 ${program} 100000000 > /dev/null; echo $?`, "137"],
    ["Ctrl-C", `timeout --foreground -s INT 2 ${program} 100000000 > /dev/null; echo $?`, "124"],
    ["stdout is closed from the start", `${program} 5 >&-; echo $?`, "7"],
  ];
  let worst = 0;
  for (const [label, command, status] of cases) {
    const folder = context.folderFor(label.replaceAll(/\W/g, "-"));
    const start = performance.now();
    const said = await shell(command, folder, 20_000);
    findings.expect(said === status, `${label}: status ${said ?? "none in 20 s"}, not ${status}`);
    const left = await until(1000, () => marked(folder).length === 0);
    findings.expect(left !== undefined, `${label}: Python lives on`);
    worst = Math.max(worst, performance.now() - start);
  }
  return findings.verdict(worst, "ms", "the longest of them, start included");
}

function shell(command: string, folder: string, bound: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    // A group of its own: SIGINT and the bound reach all of it and nothing else.
    const child = spawn("bash", ["-c", command], {
      detached: true,
      stdio: ["ignore", "pipe", "ignore"],
      env: { ...process.env, TMPDIR: folder },
    });
    let said = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    const timer = setTimeout(() => {
      process.kill(-child.pid!, "SIGKILL");
      resolve(undefined);
    }, bound);
    child.once("close", () => {
      clearTimeout(timer);
      resolve(said.trim().split("\n").at(-1));
    });
  });
}

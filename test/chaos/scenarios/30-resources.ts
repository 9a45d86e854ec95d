/** No descriptors, no processes, no shared memory, no memory: typed errors or a slower way, never a hang or a lost call. */
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { type Context, FIXTURES } from "../harness/context.ts";
import { allProcesses } from "../harness/proc.ts";
import { Findings, type Verdict } from "../harness/scenario.ts";
import { settleWithin } from "../harness/settle.ts";

export const scenario = 30;
export const name = "limits: descriptors, processes, /dev/shm, memory";
export const limit: Record<string, number> = { short: 110, ci: 240, long: 600 };

export async function run(context: Context): Promise<Verdict> {
  const findings = new Findings(context.form);
  const limited = (
    label: string,
    wrapper: readonly string[],
    args: readonly string[],
    more: Readonly<Record<string, string>> = {},
  ): Record<string, number> | undefined => {
    const { stdout, signal, status } = spawnSync(
      wrapper[0]!,
      [...wrapper.slice(1), process.execPath, join(FIXTURES, "hosts", "limited.ts"), ...args],
      {
        encoding: "utf8",
        timeout: 45_000,
        killSignal: "SIGKILL",
        env: { ...process.env, TMPDIR: context.folderFor(label.replaceAll(/\W/g, "-")), ...more },
      },
    );
    findings.expect(signal === null && status === 0, `${label}: ended by ${signal ?? `status ${status}`}`);
    const line = stdout.trim().split("\n").at(-1) ?? "";
    findings.expect(line.startsWith("{"), `${label}: said nothing`);
    return line.startsWith("{") ? JSON.parse(line) : undefined;
  };
  const typed = (label: string, outcomes: Record<string, number> | undefined, allowed: RegExp) => {
    for (const outcome of Object.keys(outcomes ?? {})) findings.expect(allowed.test(outcome), `${label}: ${outcome}`);
  };

  // Node alone holds about thirty descriptors; a pool of 32 workers needs as many again.
  const files = limited("few descriptors", ["prlimit", "--nofile=56:56", "--"], ["32", "faults.nap"]);
  typed("few descriptors", files, /^(ok|resource_exhausted|worker_lost|saturated)$/);
  findings.expect((files?.ok ?? 0) > 0, `few descriptors: no call was served: ${JSON.stringify(files)}`);

  const isRoot = process.getuid?.() === 0;
  if (!isRoot) {
    const none = limited("no more processes", ["env"], ["8", "faults.nap"], { CHAOS_NPROC: "1" });
    typed("no more processes", none, /^resource_exhausted$/);
    // The limit counts the threads of all the user's processes: room for the zygote and for some of its workers.
    const some = limited("few more processes", ["env"], ["8", "faults.nap"], { CHAOS_NPROC: String(tasksOfThisUser() + 16) });
    typed("few more processes", some, /^(ok|resource_exhausted|worker_lost)$/);
    findings.expect((some?.ok ?? 0) > 0, `few more processes: no call was served: ${JSON.stringify(some)}`);
  }

  // A /dev/shm of 1 MB, in a mount namespace of the program's own: 16 MB go another way.
  const namespace = isRoot ? ["unshare", "-m"] : ["unshare", "-rm"];
  const small = spawnSync(namespace[0]!, [...namespace.slice(1), "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", "/dev/shm"]);
  if (small.status === 0) {
    const shm = limited(
      "small /dev/shm",
      [...namespace, "sh", "-c", 'mount -t tmpfs -o size=1m tmpfs /dev/shm && exec "$@"', "sh"],
      ["2", "faults.measure", "16"],
    );
    findings.expect(JSON.stringify(shm) === JSON.stringify({ ok: 16 }), `small /dev/shm: ${JSON.stringify(shm)}`);
  }

  // Memory beyond the pool's limit: that worker ends, its call is told why, the next is served.
  const pool = context.pool({ size: 1, lane: "exclusive", memory: "200MB", heartbeat: { interval: 100 } });
  await pool.call("faults.pid");
  const bomb = await settleWithin(30_000, pool.call("faults.take_memory", { megabytes: 3000 }, { idempotent: false }));
  findings.expect(/^(resource_exhausted|worker_lost|python_exception)$/.test(bomb.outcome), `3 GB in a pool of 200 MB: ${bomb.outcome}`);
  const next = await settleWithin(10_000, pool.call("faults.add", { a: 1, b: 1 }));
  findings.expect(next.outcome === "ok", `after the memory bomb: ${next.outcome}`);
  const opened = await settleWithin(10_000, pool.call("faults.open_files", { count: 200_000 }));
  findings.expect(opened.outcome === "python_exception", `200,000 open files in a worker: ${opened.outcome}`);
  const after = await settleWithin(10_000, pool.call("faults.add", { a: 1, b: 1 }));
  findings.expect(after.outcome === "ok", `after that: ${after.outcome}`);
  return findings.verdict(bomb.ms, "ms", "until a call that took all memory was told");
}

function tasksOfThisUser(): number {
  const uid = process.getuid!();
  return allProcesses().reduce((sum, { pid, threads }) => sum + (ownerOf(pid) === uid ? threads : 0), 0);
}

function ownerOf(pid: number): number | undefined {
  try {
    return statSync(`/proc/${pid}`).uid;
  } catch {
    return undefined;
  }
}

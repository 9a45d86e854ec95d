/** A dead worker's pid, and a dead zygote's group, now belong to somebody else: no kill of ours may reach them. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { type Context, zygotes } from "../harness/context.ts";
import { facts, isAlive } from "../harness/proc.ts";
import { Findings, skipped, type Verdict } from "../harness/scenario.ts";
import { settleWithin, sleep, until } from "../harness/settle.ts";

export const scenario = 6;
export const name = "pid reused by an unrelated process";
const NEXT = "/proc/sys/kernel/ns_last_pid";

export async function run(context: Context): Promise<Verdict> {
  try {
    // Its mode says that anybody may write; the kernel asks for a capability.
    writeFileSync(NEXT, readFileSync(NEXT));
  } catch (error) {
    return skipped(`${NEXT} cannot be written (${(error as NodeJS.ErrnoException).code}), so no pid can be given away on purpose`);
  }
  const findings = new Findings(context.form);
  const strangers: ChildProcess[] = [];
  let taken = 0;
  try {
    // A worker dies while the host's loop stands still, its zygote reaps it, and its pid is given away before the host looks.
    const pool = context.pool({ size: 1, lane: "exclusive", killGrace: 50 });
    await pool.start();
    await pool.call("faults.pid");
    const stop = new AbortController();
    const call = settleWithin(10_000, pool.call("faults.nap", { seconds: 60 }, { signal: stop.signal }));
    await until(5000, () => pool.stats().busy === 1);
    const worker = pool.stats().pids[0]!;
    stop.abort();
    if (takeOver(worker, strangers)) taken++;
    await sleep(500);
    findings.expect(strangers.every(lives), "the pool killed a stranger that had taken its worker's pid");
    findings.expect((await call).outcome !== "never", "the call never ended");

    // The zygote leads a process group: the same with its number.
    const zygote = zygotes()[0];
    if (zygote) {
      process.kill(zygote.pid, "SIGKILL");
      await until(2000, () => facts(zygote.pid) === undefined, 1);
      if (giveAway(zygote.pid, strangers)) taken++;
      await sleep(300);
    }
    await pool.close();
    await sleep(200);
    findings.expect(strangers.every(lives), "the pool killed a stranger that had taken its zygote's pid or group");
  } finally {
    for (const stranger of strangers) stranger.kill("SIGKILL");
  }
  if (taken === 0) return skipped("no pid could be given away: others started processes at the same moment");
  return findings.verdict(taken, "pids", "given away, and left alone");
}

function lives(stranger: ChildProcess): boolean {
  return facts(stranger.pid!) !== undefined && isAlive(facts(stranger.pid!)!);
}

/** Without giving the event loop a turn: kill, wait for the reaping, take the pid. */
function takeOver(pid: number, strangers: ChildProcess[]): boolean {
  process.kill(pid, "SIGKILL");
  const end = performance.now() + 2000;
  while (facts(pid) !== undefined && performance.now() < end) execFileSync("true");
  return giveAway(pid, strangers);
}

function giveAway(pid: number, strangers: ChildProcess[]): boolean {
  for (let attempt = 0; attempt < 20; attempt++) {
    try {
      execFileSync("sh", ["-c", `echo ${pid - 2} > ${NEXT}`]);
    } catch {
      return false;
    }
    // The shell's own fork may use up a number; a leader of its own group, so that a signal to the group would meet it.
    const stranger = spawn("sleep", ["120"], { detached: true, stdio: "ignore" });
    if (stranger.pid === pid) {
      strangers.push(stranger);
      return true;
    }
    stranger.kill("SIGKILL");
    if (facts(pid) !== undefined) return false;
  }
  return false;
}

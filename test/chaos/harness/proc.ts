/**
 * What /proc says of processes: the judge of every scenario. A process is named by its pid and its start time, since
 * a pid alone may be anybody's a moment later. Zombies count as dead: they hold no memory and run no code.
 */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

export interface ProcessId {
  readonly pid: number;
  /** Clock ticks since boot. */
  readonly start: number;
}

export interface ProcessFacts extends ProcessId {
  readonly ppid: number;
  /** R, S, D, T (stopped), Z ... */
  readonly state: string;
  readonly name: string;
  readonly threads: number;
  /** Clock ticks of user and system time. */
  readonly cpu: number;
}

export function facts(pid: number): ProcessFacts | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, "latin1");
  } catch {
    return undefined;
  }
  // The name stands in brackets and may hold any character, brackets included.
  const close = text.lastIndexOf(")");
  const fields = text.slice(close + 2).split(" ");
  return {
    pid,
    name: text.slice(text.indexOf("(") + 1, close),
    state: fields[0]!,
    ppid: Number(fields[1]),
    cpu: Number(fields[11]) + Number(fields[12]),
    threads: Number(fields[17]),
    start: Number(fields[19]),
  };
}

export function allProcesses(): ProcessFacts[] {
  return readdirSync("/proc").flatMap((entry) => (/^\d+$/.test(entry) ? (facts(Number(entry)) ?? []) : []));
}

export function isAlive({ pid, start }: ProcessId): boolean {
  const now = facts(pid);
  return now !== undefined && now.start === start && now.state !== "Z" && now.state !== "X";
}

/**
 * Live processes other than Node whose first environment holds `text`, whoever their parent is by now. Every pool of a
 * scenario carries the scenario's folder in its workers' environment; a fork shows its zygote's.
 */
export function marked(text: string): ProcessFacts[] {
  return readdirSync("/proc").flatMap((entry) => {
    if (!/^\d+$/.test(entry) || Number(entry) === process.pid) return [];
    try {
      if (!readFileSync(`/proc/${entry}/environ`, "latin1").includes(text)) return [];
      if (/\/node$/.test(readlinkSync(`/proc/${entry}/exe`))) return [];
    } catch {
      return [];
    }
    const found = facts(Number(entry));
    return found && found.state !== "Z" && found.state !== "X" ? [found] : [];
  });
}

/** Bytes of memory that are this process's alone. */
export function privateMemory(pid: number): number {
  return rollup(pid, /^Private_Clean:\s+(\d+) kB/m) + rollup(pid, /^Private_Dirty:\s+(\d+) kB/m);
}

function rollup(pid: number, line: RegExp): number {
  return Number(line.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "latin1"))?.[1] ?? Number.NaN) * 1024;
}

export function descriptors(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

/** What Linux says of a process. Undefined where there is no /proc, or no such process. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

export interface ProcessFacts {
  readonly state: string;
  readonly start: number;
  readonly cpuTicks: number;
}

/** Of a process, or of one of its threads (`PID/task/TID`). */
export function processFacts(pid: number | string): ProcessFacts | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The name, in parentheses, may hold anything; the fields follow the last one.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0]!, start: Number(fields[19]), cpuTicks: Number(fields[11]) + Number(fields[12]) };
  } catch {
    return undefined;
  }
}

/** Whether one of its threads runs or waits for nothing but a processor, which on a full machine it may do for seconds. */
export function wantsProcessor(pid: number): boolean {
  try {
    return readdirSync(`/proc/${pid}/task`).some((thread) => processFacts(`${pid}/task/${thread}`)?.state === "R");
  } catch {
    return false;
  }
}

export function startTime(pid: number): number | undefined {
  return processFacts(pid)?.start;
}

/** Which numbering of processes this one belongs to, in letters and digits. */
export function pidNamespace(): string | undefined {
  try {
    const inode = /\d+/.exec(readlinkSync("/proc/self/ns/pid"))?.[0];
    return inode && Number(inode).toString(36);
  } catch {
    return undefined;
  }
}

/** Bytes a process holds for itself: its share of what it shares counts by halves, so forked workers add up truly. */
export function privateMemory(pid: number): number | undefined {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "latin1");
    const kib = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(rollup)?.[1] ?? 0);
    return (kib("Private_Clean") + kib("Private_Dirty")) * 1024;
  } catch {
    return undefined;
  }
}

/** Bytes resident and not backed by a file, pages shared with the zygote included. Cheap. */
export function residentMemory(pid: number): number | undefined {
  try {
    const [, resident, shared] = readFileSync(`/proc/${pid}/statm`, "latin1").split(" ").map(Number);
    return (resident! - shared!) * PAGE;
  } catch {
    return undefined;
  }
}
const PAGE = 4096;

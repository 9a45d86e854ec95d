/** What a scenario is handed: pools and host programs that are ended with it, and a folder of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createPool, type Pool, type PoolOptions } from "../../../runtime/python/index.ts";
import { allProcesses, facts, type ProcessFacts } from "./proc.ts";
import type { Form } from "./scenario.ts";

export const FIXTURES: string = fileURLToPath(new URL("../fixtures/", import.meta.url));
const PYTHON_FIXTURES: string = join(FIXTURES, "python");

export class Context {
  readonly form: Form;
  /** Set as TMPDIR by the runner, so that every process of this scenario can be told from others. */
  readonly folder: string = tmpdir();
  readonly #pools: Pool[] = [];
  readonly #hosts: Host[] = [];
  #count = 0;

  constructor(form: Form) {
    this.form = form;
  }

  /** How often, by form. */
  times(short: number, ci: number, long: number = ci): number {
    return { short, ci, long }[this.form];
  }

  /** A pool that finds the fixtures' modules; a fault meant for one worker is easier to see with few of them. */
  pool(options: PoolOptions = {}, name = `chaos-${++this.#count}`): Pool {
    const pool = createPool(name, { size: 2, pythonPath: [PYTHON_FIXTURES], env: { DSPEX_CHAOS: this.folder }, ...options });
    this.#pools.push(pool);
    return pool;
  }

  /** A folder in this scenario's own. */
  folderFor(name: string): string {
    const folder = join(this.folder, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  /** A program of `fixtures/hosts` in a process of its own. */
  host(program: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}, wrapper: readonly string[] = []): Host {
    const host = new Host(program, args, { TMPDIR: this.folderFor(`host-${++this.#count}`), ...env }, wrapper);
    this.#hosts.push(host);
    return host;
  }

  async end(): Promise<void> {
    for (const host of this.#hosts) host.kill();
    await Promise.allSettled(this.#pools.map((pool) => pool.close()));
    for (const host of this.#hosts) rmSync(host.folder, { recursive: true, force: true });
  }
}

/** The zygotes of this process, found as any observer would: our children that run the worker package. */
export function zygotes(of: number = process.pid): ProcessFacts[] {
  return allProcesses().filter((child) => child.ppid === of && child.state !== "Z" && /python/.test(child.name));
}

/** A host program: says one line of JSON at a time, is killed with the scenario. */
export class Host {
  readonly child: ChildProcess;
  readonly folder: string;
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  readonly start: number;
  stderr = "";
  #text = "";
  readonly #lines: string[] = [];
  readonly #waiting: ((line: string | undefined) => void)[] = [];

  constructor(program: string, args: readonly string[], env: Readonly<Record<string, string>>, wrapper: readonly string[] = []) {
    this.folder = env.TMPDIR!;
    const [command, ...rest] = [...wrapper, process.execPath, join(FIXTURES, "hosts", program), ...args];
    this.child = spawn(command!, rest, {
      stdio: ["pipe", "pipe", "pipe"],
      env: { ...process.env, ...env },
    });
    this.start = facts(this.child.pid!)?.start ?? 0;
    this.child.stdout!.setEncoding("utf8").on("data", (text: string) => this.#take(text));
    this.child.stderr!.setEncoding("utf8").on("data", (text: string) => {
      this.stderr = (this.stderr + text).slice(-8192);
    });
    this.child.stdin!.on("error", () => {});
    this.exited = new Promise((resolve) => {
      this.child.once("close", (code, signal) => {
        resolve({ code, signal });
        for (const wake of this.#waiting.splice(0)) wake(undefined);
      });
    });
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** The next line it says, as JSON; undefined when it has ended. */
  async said<T>(): Promise<T | undefined> {
    const line = this.#lines.shift() ?? (this.child.exitCode !== null || this.child.signalCode !== null ? undefined : await this.#next());
    return line === undefined ? undefined : (JSON.parse(line) as T);
  }

  kill(signal: NodeJS.Signals = "SIGKILL"): void {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill(signal);
  }

  #next(): Promise<string | undefined> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #take(text: string): void {
    this.#text += text;
    const lines = this.#text.split("\n");
    this.#text = lines.pop()!;
    for (const line of lines) {
      const wake = this.#waiting.shift();
      if (wake) wake(line);
      else this.#lines.push(line);
    }
  }
}

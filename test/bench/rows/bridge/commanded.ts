/** A Python program that measures itself on command: a number of calls in, a figure out. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface, type Interface } from "node:readline";
import { fileURLToPath } from "node:url";
import { interpreter } from "./interpreter.ts";

export class Commanded {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  private constructor(child: ChildProcess, lines: Interface) {
    this.#child = child;
    this.#lines = lines[Symbol.asyncIterator]();
  }

  static async start(program: string, ...args: string[]): Promise<Commanded> {
    const child = spawn(await interpreter(), [fileURLToPath(new URL(program, import.meta.url)), ...args], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const commanded = new Commanded(child, createInterface({ input: child.stdout! }));
    await commanded.#said();
    return commanded;
  }

  async run(count: number): Promise<number> {
    this.#child.stdin!.write(`${count}\n`);
    return Number(await this.#said());
  }

  async #said(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error("the program ended early");
    return value;
  }

  close(): void {
    this.#child.kill();
  }
}

/** Runs one of this folder's programs with itself and all it starts pinned to one core, so that no run is luckier than another. */
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";

/** What the program said last, as JSON. `core: false` leaves it to the scheduler; `inside` is a command that runs the rest of its arguments. */
export async function pinned<T>(
  program: string,
  args: readonly string[] = [],
  { core = true, inside = [] }: { core?: boolean; inside?: readonly string[] } = {},
): Promise<T> {
  const command = [process.execPath, "--expose-gc", fileURLToPath(new URL(program, import.meta.url)), ...args];
  if (core && process.platform === "linux") command.unshift("taskset", "-c", String(availableParallelism() - 1));
  command.unshift(...inside);
  const child = spawn(command[0]!, command.slice(1), {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, NODE_NO_WARNINGS: "1" },
  });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const code = await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  const line = said.trimEnd().split("\n").at(-1) ?? "";
  if (code !== 0 || !/^[[{]/.test(line)) throw new Error(`${program} ended with ${code} and said ${line.slice(0, 200) || "nothing"}`);
  return JSON.parse(line) as T;
}

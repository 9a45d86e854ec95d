/** One line that grows, on a terminal; elsewhere a line every ten seconds. On stderr: stdout is for the answer. */
export type Bar = (done: number, total: number, note?: string) => void;

const WIDTH = 30;

export function bar(title: string, silent: boolean): Bar {
  if (silent) return () => {};
  let last = Date.now();
  return (done, total, note = "") => {
    const full = Math.round((done / total) * WIDTH);
    const line = `${title.padEnd(7)} ${"█".repeat(full)}${"░".repeat(WIDTH - full)} ${done}/${total} ${note}`;
    const { stderr } = process;
    if (stderr.isTTY) stderr.write(`\r\u001B[K${line.slice(0, stderr.columns - 1)}${done === total ? "\n" : ""}`);
    else if (done === total || Date.now() - last > 10_000) {
      last = Date.now();
      stderr.write(`${line}\n`);
    }
  };
}

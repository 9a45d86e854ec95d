/** What must happen when this process ends, however it ends short of SIGKILL; for that one the kernel ends the children. */
const tasks = new Set<() => void>();
let listening = false;

/** Registers a synchronous task for the end of the process; the function returned takes it back. */
export function atExit(task: () => void): () => void {
  if (!listening) {
    listening = true;
    process.on("exit", () => {
      for (const run of tasks) {
        try {
          run();
        } catch {
          // The next task must run all the same.
        }
      }
    });
  }
  tasks.add(task);
  return () => void tasks.delete(task);
}

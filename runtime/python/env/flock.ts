/**
 * One process at a time, by flock(2): the kernel lets go of it however its holder dies, so there is no stale lock to
 * judge. Node has no flock; the Python that is about to be used has, and holds it until its stdin closes.
 */
import { createInterface } from "node:readline";
import { execa } from "execa";
import { CancelledError } from "../../ended.ts";
import { ConfigurationError } from "../../errors.ts";

const HOLDER = `
import sys
handle = open(sys.argv[1], "a+")
if sys.platform == "win32":
    import msvcrt
    def take(wait):
        handle.seek(0)
        msvcrt.locking(handle.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
else:
    import fcntl
    def take(wait):
        fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
try:
    take(False)
except OSError:
    print("waiting", flush=True)
    while True:
        try:
            take(True)
            break
        except OSError:
            pass
print("held", flush=True)
sys.stdin.read()`;

export interface FileLock {
  release(): Promise<void>;
}

/** Waits for the lock; `onWait` is called once when another process has it. */
export async function lockFile(python: string, file: string, onWait: () => void, signal?: AbortSignal): Promise<FileLock> {
  const holder = execa(python, ["-I", "-c", HOLDER, file], {
    reject: false,
    stdin: "pipe",
    buffer: { stdout: false },
    ...(signal ? { cancelSignal: signal } : {}),
  });
  // Listened to by hand: leaving execa's own iterable early waits for the process to end.
  const held = new Promise<boolean>((resolve) => {
    createInterface(holder.stdout)
      .on("line", (line) => (line === "held" ? resolve(true) : onWait()))
      .on("close", () => resolve(false));
  });
  if (!(await held)) {
    const { stderr } = await holder;
    if (signal?.aborted) throw new CancelledError("Gave up waiting for another process's install: cancelled.", { reason: signal.reason });
    throw new ConfigurationError("python_sync_failed", `${file} could not be locked: ${stderr.trim().split("\n").at(-1)}.`, {
      configKey: "python",
      remedy: "Check that the project's folder can be written to.",
    });
  }
  return {
    async release() {
      holder.stdin.end();
      await holder;
    },
  };
}

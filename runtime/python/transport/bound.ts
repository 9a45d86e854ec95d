/** A server that listens, or an error users can act on; nothing is left of one that does not. */
import type { ListenOptions, Server } from "node:net";
import { ConfigurationError, type DspexError, PoolError } from "../../errors.ts";

export async function bound(server: Server, at: ListenOptions, remove: () => Promise<void>): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(at, resolve);
    });
  } catch (error) {
    await remove();
    throw noDoor(at.path ?? `${at.host}:${at.port}`, error as NodeJS.ErrnoException);
  }
  server.unref();
}

/** The machine has no more of something, which may pass; anything else is a setting. */
const SPENT: ReadonlySet<string> = new Set(["EMFILE", "ENFILE", "ENOSPC", "EDQUOT", "ENOMEM", "ENOBUFS", "EAGAIN"]);

export function isSpent(code: unknown): boolean {
  return typeof code === "string" && SPENT.has(code);
}

export function noDoor(what: string, error: NodeJS.ErrnoException): DspexError {
  const message = `The pool's workers need ${what} to reach this process, and it cannot be had (${error.code ?? error.message}).`;
  if (isSpent(error.code))
    return new PoolError("resource_exhausted", message, {
      cause: error,
      remedy: "Free some of it, or raise the limit of descriptors, memory or disk space.",
    });
  return new ConfigurationError("config_invalid", message, {
    cause: error,
    configKey: "TMPDIR",
    expected: "a folder this user may write to",
    actual: error.code ?? error.message,
    remedy: "Set TMPDIR to a folder that exists and that this user may write to, of at most 60 characters.",
  });
}

/**
 * Inputs that kill. Two deaths with one call alone in the worker, and the input is refused until the pool ends. Only
 * deaths of the worker's own making count: crash signals, exits, limits; never a kill by the host or from outside.
 */
import { createHash } from "node:crypto";
import { PoolError } from "../errors.ts";
import type { ExitEvent } from "./wire/messages.ts";

const DEATHS = 2;
const MOST = 10_000;
/** Signals a process brings upon itself; SIGKILL and SIGTERM come from others (the kernel's OOM killer included). */
const CRASHES: ReadonlySet<string> = new Set(["SIGSEGV", "SIGBUS", "SIGILL", "SIGFPE", "SIGABRT", "SIGSYS", "SIGTRAP", "SIGXCPU"]);

/** Exit codes of a worker that lost its host, or heard what no host says (`channel.py`). */
const HOSTS: ReadonlySet<number> = new Set([75, 76]);

export function ownMaking(exit: Pick<ExitEvent, "signal" | "code"> | undefined): boolean {
  if (exit === undefined) return false;
  return exit.signal === null ? exit.code !== null && !HOSTS.has(exit.code) : CRASHES.has(exit.signal);
}

export class Quarantine {
  readonly #deaths = new Map<string, number>();
  readonly #pool: string;

  constructor(pool: string) {
    this.#pool = pool;
  }

  /** Nothing has died: no input needs a name, and none pays for one. */
  get empty(): boolean {
    return this.#deaths.size === 0;
  }

  note(fingerprint: string): void {
    this.#deaths.set(fingerprint, (this.#deaths.get(fingerprint) ?? 0) + 1);
    if (this.#deaths.size > MOST) this.#deaths.delete(this.#deaths.keys().next().value!);
  }

  refusal(fingerprint: string): PoolError | undefined {
    const deaths = this.#deaths.get(fingerprint) ?? 0;
    if (deaths < DEATHS) return undefined;
    return new PoolError("quarantined", `This input has ended ${deaths} workers of the pool ${this.#pool}, each while it ran alone.`, {
      pool: this.#pool,
      remedy: "Look at the Python code it reaches; the same input is refused for as long as the pool lives.",
    });
  }
}

/** Operation and arguments, as they are sent. */
export function fingerprintOf(body: Uint8Array): string {
  return createHash("sha256").update(body).digest("base64url");
}

/**
 * How processes ended, for whoever asks before or after: the end of a connection and the word of the process's parent come
 * in either order. A parent that has died itself tells nothing any more.
 */
import type { ExitEvent } from "./wire/messages.ts";

/** Most of those that were told and may still be asked for. */
const KEPT = 256;

export class Deaths {
  /** Those whose end somebody will tell. */
  readonly #alive = new Set<number>();
  readonly #told = new Map<number, ExitEvent>();
  readonly #asking = new Map<number, Set<(event: ExitEvent | undefined) => void>>();

  /** A number may be used again: what is known of its last bearer is forgotten. */
  born(pid: number): void {
    this.#alive.add(pid);
    this.#told.delete(pid);
  }

  tell(event: ExitEvent): void {
    this.#alive.delete(event.pid);
    this.#told.set(event.pid, event);
    if (this.#told.size > KEPT) this.#told.delete(this.#told.keys().next().value!);
    this.#answer(event.pid, event);
  }

  /** Nobody is left to tell of those that still lived. */
  fallSilent(): void {
    this.#alive.clear();
    for (const pid of [...this.#asking.keys()]) this.#answer(pid, undefined);
  }

  /** As soon as it is told; undefined when nobody will, or has not within the time. */
  of(pid: number, within: number): Promise<ExitEvent | undefined> {
    const told = this.#told.get(pid);
    if (told || !this.#alive.has(pid)) return Promise.resolve(told);
    return new Promise((resolve) => {
      const asking = this.#asking.get(pid) ?? new Set();
      this.#asking.set(pid, asking);
      const answer = (event: ExitEvent | undefined): void => {
        clearTimeout(timer);
        asking.delete(answer);
        if (asking.size === 0) this.#asking.delete(pid);
        resolve(event);
      };
      const timer = setTimeout(answer, within, undefined).unref();
      asking.add(answer);
    });
  }

  #answer(pid: number, event: ExitEvent | undefined): void {
    for (const answer of this.#asking.get(pid) ?? []) answer(event);
  }
}

/**
 * The starts under way, each known by its one-time token. A greeting that cannot be read names none of them; where only
 * our own processes reach the door, and each of them once, a start is known to be refused when nobody is left who
 * could still come.
 */
import { randomBytes } from "node:crypto";
import { ConfigurationError } from "../errors.ts";
import type { Admitted } from "./hub.ts";

interface Start {
  resolve(admitted: Admitted): void;
  reject(error: Error): void;
}

export class Starts {
  readonly #waiting = new Map<string, Start>();
  /** Tokens of starts that are over: who comes late with one is none of those under way. */
  readonly #over = new Set<string>();
  /** Greetings that none of those under way is known by. */
  #refused = 0;

  expect(): { token: string; admitted: Promise<Admitted>; giveUp(error: Error): void } {
    const token = randomBytes(24).toString("base64url");
    const { promise, resolve, reject } = Promise.withResolvers<Admitted>();
    promise.catch(() => {});
    this.#waiting.set(token, { resolve, reject });
    return {
      token,
      admitted: promise,
      giveUp: (error) => {
        if (!this.#waiting.delete(token)) return;
        this.#over.add(token);
        // It may have been the one refused; to take it for another would end an honest start.
        if (this.#refused > 0) this.#refused--;
        reject(error);
      },
    };
  }

  /** Whose token this is; each is good for one greeting. */
  take(token: string): Start | undefined {
    const start = this.#waiting.get(token);
    if (!start) return undefined;
    this.#waiting.delete(token);
    this.#over.add(token);
    this.#judge();
    return start;
  }

  /** Somebody came through a door of our own and could not say which start it is. */
  refuse(token: string | undefined): void {
    if (token !== undefined && this.#over.has(token)) return;
    if (this.#waiting.size === 0) return;
    this.#refused++;
    this.#judge();
  }

  #judge(): void {
    if (this.#refused < this.#waiting.size) return;
    this.#refused = 0;
    this.giveUpAll(
      new ConfigurationError("config_invalid", "The Python process connected, and its greeting is none of dspex's.", {
        configKey: "interpreter",
        expected: "the worker of this dspex",
        actual: "another program, or something that writes into the worker's socket",
        remedy: "Run `npx dspexc doctor`; if the interpreter is a wrapper, let it pass its arguments on unchanged.",
      }),
    );
  }

  giveUpAll(error: Error): void {
    for (const [token, { reject }] of this.#waiting) {
      this.#over.add(token);
      reject(error);
    }
    this.#waiting.clear();
  }
}

/** The embedded model's server as its holders share it: started at first use, anew after a death, ended with the last of them. */

import { CancelledError, TimeoutError } from "../../ended.ts";
import { DspexError } from "../../errors.ts";
import type { LM } from "../lm.ts";
import { type Launched, launch, type ServerSettings } from "./launch.ts";

export class LocalServer {
  readonly #settings: ServerSettings;
  readonly #holders = new Set<object>();
  #launched: Promise<Launched> | undefined;
  /** The same, once its process runs. */
  #process: Launched | undefined;

  constructor(settings: ServerSettings) {
    this.#settings = settings;
  }

  /** The server's client, once it answers. A caller's own signal and deadline end only its own wait. */
  async use(holder: object, signal?: AbortSignal, deadline: number = Number.POSITIVE_INFINITY): Promise<LM> {
    this.#holders.add(holder);
    if (this.#process?.ended) this.#forget();
    this.#launched ??= this.#launch();
    const client = this.#launched.then((launched) => launched.client);
    return waiting(client, signal, deadline);
  }

  async leave(holder: object): Promise<void> {
    this.#holders.delete(holder);
    if (this.#holders.size > 0) return;
    const launched = this.#launched;
    this.#forget();
    await launched?.then(
      (process) => process.stop(),
      () => {},
    );
  }

  #launch(): Promise<Launched> {
    const launched = launch(this.#settings);
    const failed = (): void => {
      // Nobody inherits a start that failed.
      if (this.#launched === launched) this.#forget();
    };
    launched.then((process) => {
      if (this.#launched === launched) this.#process = process;
      process.client.catch(failed);
    }, failed);
    return launched;
  }

  #forget(): void {
    this.#launched = undefined;
    this.#process = undefined;
  }
}

/** The start goes on for the others when one caller gives up. */
async function waiting<T>(promise: Promise<T>, signal: AbortSignal | undefined, deadline: number): Promise<T> {
  if (!signal && deadline === Number.POSITIVE_INFINITY) return promise;
  let timer: NodeJS.Timeout | undefined;
  let give: () => void = () => {};
  const given = new Promise<never>((_, reject) => {
    give = () => {
      const reason: unknown = signal?.reason;
      reject(reason instanceof DspexError ? reason : new CancelledError("Cancelled while the embedded model was starting.", { reason }));
    };
    if (signal?.aborted) give();
    signal?.addEventListener("abort", give, { once: true });
    const late = new TimeoutError("The embedded model was still starting when the deadline passed.", { deadline, where: "lm" });
    if (deadline !== Number.POSITIVE_INFINITY) timer = setTimeout(reject, Math.max(0, deadline - Date.now()), late);
  });
  try {
    return await Promise.race([promise, given]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", give);
  }
}

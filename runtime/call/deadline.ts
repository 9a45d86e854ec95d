/**
 * One call's limits as one signal. A timeout becomes an absolute deadline, the caller's signal joins it, and whatever
 * ends the call first is the signal's reason: always a TimeoutError or a CancelledError, so that every layer below can
 * say `throw signal.reason`. `close()` takes the timer and the listener away; nothing is left behind by a finished call.
 */
import { CancelledError, TimeoutError } from "../ended.ts";
import { never } from "../never.ts";

export interface Scope {
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch, or Infinity. */
  readonly deadline: number;
  /** What is being waited for, named in the TimeoutError. */
  where: string;
  /** The work, or the signal's reason as soon as it aborts: also when the work does not look at the signal. */
  race<T>(work: Promise<T>): Promise<T>;
  /** Told once, when the signal aborts: one listener for a stream of many reads. */
  watch(told: (reason: unknown) => void): void;
  abort(reason: unknown): void;
  close(): void;
}

/** setTimeout takes 31 bits; a longer wait than 24 days is no wait. */
const LONGEST = 2 ** 31 - 1;

/** A call without limits makes no controller: one AbortController costs as much as rendering a prompt. */
const unlimited: Scope = {
  signal: never,
  deadline: Number.POSITIVE_INFINITY,
  // Nobody reads it: without a deadline there is no TimeoutError.
  set where(_: string) {},
  get where() {
    return "";
  },
  race: (work) => work,
  watch() {},
  abort() {},
  close() {},
};

/** `abortable` asks for a signal even where nothing limits the call: a stream aborts when its reader leaves. */
export function openScope(timeout: number | undefined, outer: AbortSignal | undefined, abortable = false): Scope {
  if (!outer && !abortable && (timeout === undefined || timeout === Number.POSITIVE_INFINITY)) return unlimited;
  const controller = new AbortController();
  const { signal } = controller;
  const deadline = timeout === undefined ? Number.POSITIVE_INFINITY : Date.now() + timeout;
  // Told by hand: a listener on the signal costs more than the rest of the scope together.
  const racing = new Set<(reason: unknown) => void>();
  const abort = (reason: unknown) => {
    controller.abort(reason);
    for (const reject of racing) reject(signal.reason);
  };
  const cancelled = () => abort(cancellation(outer!.reason));
  const late = () => abort(lateness(timeout!, deadline, scope.where));
  const timer = timeout !== undefined && timeout <= LONGEST && !outer?.aborted ? setTimeout(late, timeout) : undefined;
  const scope: Scope = {
    signal,
    deadline,
    where: "",
    abort,
    watch: (told) => void racing.add(told),
    race: (work) =>
      new Promise((resolve, reject) => {
        racing.add(reject);
        const leave = () => racing.delete(reject);
        work.then(
          (value) => {
            leave();
            resolve(value);
          },
          (error) => {
            leave();
            reject(error);
          },
        );
        if (signal.aborted) reject(signal.reason);
      }),
    close() {
      clearTimeout(timer);
      outer?.removeEventListener("abort", cancelled);
    },
  };
  if (outer?.aborted) cancelled();
  else outer?.addEventListener("abort", cancelled, { once: true });
  return scope;
}

function cancellation(reason: unknown): Error {
  if (reason instanceof CancelledError || reason instanceof TimeoutError) return reason;
  return new CancelledError("The call was cancelled by its signal.", { reason, cause: reason });
}

function lateness(timeout: number, deadline: number, where: string): TimeoutError {
  return new TimeoutError(`No answer within ${timeout} ms${where && `, while waiting for ${where}`}.`, {
    deadline,
    where,
    remedy: "Give the call more time with `timeout`, or a faster model.",
  });
}

/**
 * A circuit breaker: after so many transient failures in a row it refuses at once, for as long as the cooldown, then
 * lets one call through to see. Only what may pass by itself counts; a wrong key is no reason to stop asking.
 */
import { LMError } from "../lm/lm-error.ts";

export interface BreakerLimits {
  readonly failures: number;
  /** Milliseconds. */
  readonly cooldown: number;
}

export type Breaker = <T>(work: () => Promise<T>) => Promise<T>;

export function breaker({ failures, cooldown }: BreakerLimits, name: string): Breaker {
  let inARow = 0;
  let openUntil = 0;
  let probing = false;
  let last: LMError | undefined;
  return async (work) => {
    const isOpen = inARow >= failures;
    if (isOpen && (probing || performance.now() < openUntil)) throw refusal(name, failures, last!);
    probing = isOpen;
    try {
      const value = await work();
      inARow = 0;
      return value;
    } catch (error) {
      if (error instanceof LMError && error.transient) {
        inARow++;
        last = error;
        openUntil = performance.now() + cooldown;
      } else if (error instanceof LMError) inARow = 0;
      throw error;
    } finally {
      if (isOpen) probing = false;
    }
  };
}

function refusal(name: string, failures: number, last: LMError): LMError {
  return new LMError(
    last.code as "server",
    `${name} failed ${failures} times in a row and is left alone for a while. The last time: ${last.message}`,
    {
      endpoint: last.endpoint,
      ...(last.status !== undefined && { status: last.status }),
      cause: last,
      transient: false,
    },
  );
}

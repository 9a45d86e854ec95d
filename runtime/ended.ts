/** What ends a call early: a deadline that passed, or the caller. */
import { DspexError, type DspexErrorOptions } from "./errors.ts";

export class TimeoutError extends DspexError {
  override readonly name: string = "TimeoutError";
  /** The absolute deadline, milliseconds since the epoch. */
  declare readonly deadline: number;
  /** What was waiting: `queue`, `lm`, `python`, a step's name. */
  declare readonly where: string;
  constructor(message: string, details: DspexErrorOptions & { deadline?: number; where?: string } = {}) {
    super("timeout", message, { deadline: 0, where: "", ...details });
  }
}

export class CancelledError extends DspexError {
  override readonly name: string = "CancelledError";
  declare readonly reason: unknown;
  constructor(message: string, details: DspexErrorOptions & { reason?: unknown } = {}) {
    super("cancelled", message, { reason: undefined, ...details });
  }
}

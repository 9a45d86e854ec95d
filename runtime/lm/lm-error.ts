/** What went wrong with the endpoint. */
import { DspexError, type DspexErrorOptions } from "../errors.ts";

export class LMError extends DspexError {
  override readonly name: string = "LMError";
  /** The endpoint's address, never with a key in it. */
  declare readonly endpoint: string;
  declare readonly status?: number;
  declare readonly attempts: number;
  /** Whether the same request may well succeed a little later. */
  declare readonly transient: boolean;
  /** Milliseconds the endpoint asked to wait (Retry-After). */
  declare readonly retryAfter?: number;
  constructor(
    code:
      | "auth"
      | "not_found"
      | "rate_limited"
      | "server"
      | "transport"
      | "protocol"
      | "stream_truncated"
      | "context_window"
      | "budget_exceeded",
    message: string,
    details: DspexErrorOptions & { endpoint?: string; status?: number; attempts?: number; transient?: boolean; retryAfter?: number } = {},
  ) {
    const transient = code === "rate_limited" || code === "server" || code === "transport";
    super(code, message, { endpoint: "", attempts: 1, transient, ...details });
  }
}

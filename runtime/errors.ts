/**
 * The error tree. Every error has a stable `code`, a sentence, a `remedy`, and keeps its `cause`.
 *
 *   DspexError
 *   ├─ SignatureError      inputs, outputs, completions, uncompiled literals
 *   ├─ ConfigurationError  settings, routes that cannot be, a missing Python
 *   ├─ LMError             the endpoint: HTTP, transport, protocol, budget
 *   ├─ PythonError         an exception raised by Python code, with its traceback
 *   ├─ PoolError           the pool: lost, hung, saturated, quarantined, closed
 *   ├─ PipelineError       a step, with what had finished
 *   ├─ TimeoutError        a deadline passed
 *   ├─ CancelledError      the caller's signal
 *   ├─ ToolError           a tool threw
 *   └─ TemplateError       a template does not compile
 */
export interface DspexErrorOptions {
  readonly remedy?: string;
  readonly cause?: unknown;
}

export class DspexError extends Error {
  readonly code: string;
  readonly remedy: string;
  constructor(code: string, message: string, options: DspexErrorOptions = {}) {
    super(options.remedy ? `${message} ${options.remedy}` : message, "cause" in options ? { cause: options.cause } : undefined);
    this.name = new.target.name;
    this.code = code;
    this.remedy = options.remedy ?? "";
  }
}

/** One thing wrong with one value: where, what was expected, what came. `path` starts at the field's name. */
export interface Issue {
  /** Set where the remedy differs from "send the right type": a whole number that no JavaScript number holds exactly. */
  readonly code?: "int_unsafe";
  readonly path: readonly (string | number)[];
  readonly expected: string;
  readonly received: string;
  readonly message: string;
}

export class SignatureError extends DspexError {
  readonly signature: string;
  readonly field: string | undefined;
  readonly issues: readonly Issue[];
  /** What had been parsed when an output was refused. */
  readonly values?: Readonly<Record<string, unknown>>;
  /** The completion's text, at most 16 KiB of it. */
  readonly completion?: string;
  /** Why a literal is not compiled: `unregistered`, `stale`, `hole`. */
  readonly reason?: string;
  constructor(
    code:
      | "input_invalid"
      | "output_invalid"
      | "output_missing"
      | "completion_unparsable"
      | "int_unsafe"
      | "literal_not_compiled"
      | "abi_mismatch",
    message: string,
    details: DspexErrorOptions & {
      signature?: string;
      field?: string;
      issues?: readonly Issue[];
      values?: Readonly<Record<string, unknown>>;
      completion?: string;
      reason?: string;
    } = {},
  ) {
    super(code, message, details);
    this.signature = details.signature ?? "";
    this.issues = details.issues ?? [];
    const first = this.issues[0]?.path[0];
    this.field = details.field ?? (first === undefined ? undefined : String(first));
    if (details.values) this.values = details.values;
    if (details.completion !== undefined) this.completion = details.completion.slice(0, 16_384);
    if (details.reason !== undefined) this.reason = details.reason;
  }
}

export class ConfigurationError extends DspexError {
  readonly configKey: string;
  readonly expected: string;
  readonly actual: string;
  constructor(
    code:
      | "lm_missing"
      | "config_unknown_key"
      | "config_invalid"
      | "python_missing"
      | "python_sync_failed"
      | "dspy_unsupported"
      | "sandbox_unavailable"
      | "route_impossible"
      | "artefact_stale"
      | "artefact_invalid"
      | "checkpoint_stale",
    message: string,
    details: DspexErrorOptions & { configKey?: string; expected?: string; actual?: string } = {},
  ) {
    super(code, message, details);
    this.configKey = details.configKey ?? "";
    this.expected = details.expected ?? "";
    this.actual = details.actual ?? "";
  }
}

export class LMError extends DspexError {
  /** The endpoint's address, never with a key in it. */
  readonly endpoint: string;
  readonly status?: number;
  readonly attempts: number;
  /** Whether the same request may well succeed a little later. */
  readonly transient: boolean;
  /** Milliseconds the endpoint asked to wait (Retry-After). */
  readonly retryAfter?: number;
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
    super(code, message, details);
    this.endpoint = details.endpoint ?? "";
    if (details.status !== undefined) this.status = details.status;
    this.attempts = details.attempts ?? 1;
    this.transient = details.transient ?? (code === "rate_limited" || code === "server" || code === "transport");
    if (details.retryAfter !== undefined) this.retryAfter = details.retryAfter;
  }
}

export class PythonError extends DspexError {
  /** The Python class, e.g. `ZeroDivisionError`. */
  readonly errorType: string;
  readonly traceback: string;
  /** The worker's process id. */
  readonly worker: number | undefined;
  constructor(
    code: "python_exception" | "python_import" | "unserialisable",
    message: string,
    details: DspexErrorOptions & { errorType?: string; traceback?: string; worker?: number } = {},
  ) {
    super(code, message, details);
    this.errorType = details.errorType ?? "";
    this.traceback = details.traceback ?? "";
    this.worker = details.worker;
  }
}

export class PoolError extends DspexError {
  readonly pool: string;
  readonly worker?: number;
  constructor(
    code:
      | "worker_lost"
      | "worker_hung"
      | "saturated"
      | "quarantined"
      | "session_lost"
      | "call_closed"
      | "resource_exhausted"
      | "pool_closed",
    message: string,
    details: DspexErrorOptions & { pool?: string; worker?: number } = {},
  ) {
    super(code, message, details);
    this.pool = details.pool ?? "";
    if (details.worker !== undefined) this.worker = details.worker;
  }
}

export class PipelineError extends DspexError {
  readonly step: string;
  readonly accumulatedErrors: readonly unknown[];
  readonly partial: Readonly<Record<string, unknown>>;
  readonly skipped: readonly string[];
  readonly cancelled: readonly string[];
  readonly checkpoint: unknown;
  constructor(
    code: "step_failed" | "pipeline_waiting",
    message: string,
    details: DspexErrorOptions & {
      step?: string;
      accumulatedErrors?: readonly unknown[];
      partial?: Readonly<Record<string, unknown>>;
      skipped?: readonly string[];
      cancelled?: readonly string[];
      checkpoint?: unknown;
    } = {},
  ) {
    super(code, message, details);
    this.step = details.step ?? "";
    this.accumulatedErrors = details.accumulatedErrors ?? [];
    this.partial = details.partial ?? {};
    this.skipped = details.skipped ?? [];
    this.cancelled = details.cancelled ?? [];
    this.checkpoint = details.checkpoint;
  }
}

export class TimeoutError extends DspexError {
  /** The absolute deadline, milliseconds since the epoch. */
  readonly deadline: number;
  /** What was waiting: `queue`, `lm`, `python`, a step's name. */
  readonly where: string;
  constructor(message: string, details: DspexErrorOptions & { deadline?: number; where?: string } = {}) {
    super("timeout", message, details);
    this.deadline = details.deadline ?? 0;
    this.where = details.where ?? "";
  }
}

export class CancelledError extends DspexError {
  readonly reason: unknown;
  constructor(message: string, details: DspexErrorOptions & { reason?: unknown } = {}) {
    super("cancelled", message, details);
    this.reason = details.reason;
  }
}

export class ToolError extends DspexError {
  readonly tool: string;
  constructor(message: string, details: DspexErrorOptions & { tool?: string } = {}) {
    super("tool_failed", message, details);
    this.tool = details.tool ?? "";
  }
}

export class TemplateError extends DspexError {
  /** Offsets into the template, UTF-16 units, end exclusive. */
  readonly span: { readonly start: number; readonly end: number };
  constructor(
    code: "template_syntax" | "template_unknown_name",
    message: string,
    details: DspexErrorOptions & { span?: { start: number; end: number } } = {},
  ) {
    super(code, message, details);
    this.span = details.span ?? { start: 0, end: 0 };
  }
}

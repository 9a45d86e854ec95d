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
 *
 * LMError is `lm/lm-error.ts`, TimeoutError and CancelledError are `ended.ts`: only a call meets them, so they load with one.
 */
export interface DspexErrorOptions {
  readonly remedy?: string;
  readonly cause?: unknown;
}

export class DspexError extends Error {
  /** Written out in every class: a minifier renames the classes themselves. */
  override readonly name: string = "DspexError";
  declare readonly code: string;
  declare readonly remedy: string;
  /** `details` beside the remedy and the cause become the error's own properties. */
  constructor(
    code: string,
    message: string,
    { remedy = "", cause, ...details }: DspexErrorOptions & Readonly<Record<string, unknown>> = {},
  ) {
    super(remedy ? `${message} ${remedy}` : message, cause === undefined ? undefined : { cause });
    Object.assign(this, { code, remedy }, details);
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
  override readonly name: string = "SignatureError";
  declare readonly signature: string;
  declare readonly field: string | undefined;
  declare readonly issues: readonly Issue[];
  /** What had been parsed when an output was refused. */
  declare readonly values?: Readonly<Record<string, unknown>>;
  /** The completion's text, at most 16 KiB of it. */
  declare readonly completion?: string;
  /** Why a literal is not compiled: `unregistered`, `stale`, `hole`. */
  declare readonly reason?: string;
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
    const first = details.issues?.[0]?.path[0];
    super(code, message, {
      signature: "",
      issues: [],
      field: first === undefined ? undefined : String(first),
      ...details,
      completion: details.completion?.slice(0, 16_384),
    });
  }
}

export class ConfigurationError extends DspexError {
  override readonly name: string = "ConfigurationError";
  declare readonly configKey: string;
  declare readonly expected: string;
  declare readonly actual: string;
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
      | "checkpoint_stale"
      | "feature_left_out",
    message: string,
    details: DspexErrorOptions & { configKey?: string; expected?: string; actual?: string } = {},
  ) {
    super(code, message, { configKey: "", expected: "", actual: "", ...details });
  }
}

export class PythonError extends DspexError {
  override readonly name: string = "PythonError";
  /** The Python class, e.g. `ZeroDivisionError`. */
  declare readonly errorType: string;
  declare readonly traceback: string;
  /** The worker's process id. */
  declare readonly worker: number | undefined;
  constructor(
    code: "python_exception" | "python_import" | "unserialisable",
    message: string,
    details: DspexErrorOptions & { errorType?: string; traceback?: string; worker?: number } = {},
  ) {
    super(code, message, { errorType: "", traceback: "", worker: undefined, ...details });
  }
}

export class PoolError extends DspexError {
  override readonly name: string = "PoolError";
  declare readonly pool: string;
  declare readonly worker?: number;
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
    super(code, message, { pool: "", ...details });
  }
}

export class PipelineError extends DspexError {
  override readonly name: string = "PipelineError";
  declare readonly step: string;
  declare readonly accumulatedErrors: readonly unknown[];
  declare readonly partial: Readonly<Record<string, unknown>>;
  declare readonly skipped: readonly string[];
  declare readonly cancelled: readonly string[];
  declare readonly checkpoint: unknown;
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
    super(code, message, { step: "", accumulatedErrors: [], partial: {}, skipped: [], cancelled: [], checkpoint: undefined, ...details });
  }
}

export class ToolError extends DspexError {
  override readonly name: string = "ToolError";
  declare readonly tool: string;
  constructor(message: string, details: DspexErrorOptions & { tool?: string } = {}) {
    super("tool_failed", message, { tool: "", ...details });
  }
}

export class TemplateError extends DspexError {
  override readonly name: string = "TemplateError";
  /** Offsets into the template, UTF-16 units, end exclusive. */
  declare readonly span: { readonly start: number; readonly end: number };
  constructor(
    code: "template_syntax" | "template_unknown_name",
    message: string,
    details: DspexErrorOptions & { span?: { start: number; end: number } } = {},
  ) {
    super(code, message, { span: { start: 0, end: 0 }, ...details });
  }
}
